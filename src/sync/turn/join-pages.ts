import type { Vocabulary } from "../../domain/issue.ts";
import type { Page } from "../../store/mirror/page.ts";
import type { PullPage, RejectedRecord } from "../../trackers/tracker.ts";

/** Pages of one run that are stored together. */
export type JoinedPages = Omit<Page, "sync"> & Pick<PullPage, "resume" | "finished" | "progress">;

/** Joins consecutive pages, at least one. The later page wins for a record that comes twice; each record keeps the request time of its page. */
export function joinPages(pages: readonly PullPage[]): JoinedPages {
  const [first, second] = pages;
  const last = pages.at(-1);
  if (first === undefined || last === undefined) throw new Error("there is no page to join");
  if (second === undefined) return first;
  const changes = new Map<string, PullPage["changes"][number]>();
  const removed = new Set<string>();
  const rejected = new Map<string, RejectedRecord>();
  const askedLater = new Map<string, number>();
  for (const page of pages) {
    for (const issue of page.changes) {
      changes.set(issue.nativeId, issue);
      removed.delete(issue.nativeId);
      rejected.delete(issue.nativeId);
      if (page !== first) askedLater.set(issue.nativeId, page.requestedAt);
    }
    for (const nativeId of page.removed) {
      removed.add(nativeId);
      changes.delete(nativeId);
      rejected.delete(nativeId);
      if (page !== first) askedLater.set(nativeId, page.requestedAt);
    }
    for (const record of page.rejected) rejected.set(record.nativeId ?? record.raw, record);
  }
  return {
    changes: [...changes.values()],
    removed: [...removed],
    rejected: [...rejected.values()],
    seen: joinWords(pages.map(({ seen }) => seen)),
    requestedAt: first.requestedAt,
    askedLater,
    resume: last.resume,
    finished: last.finished,
    progress: last.progress,
  };
}

/** Concatenates the vocabularies in page order, so that the last name of an id wins. */
function joinWords(all: readonly Partial<Vocabulary>[]): Partial<Vocabulary> {
  const words: Record<string, unknown[]> = {};
  for (const seen of all) {
    for (const [kind, named] of Object.entries(seen)) (words[kind] ??= []).push(...named);
  }
  return words;
}
