import assert from "node:assert/strict";
import type { WorldIssue } from "../../../emulators/emulator.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import type { Cursor, PullPage, RejectedRecord, Source, TrackerConnection } from "../tracker.ts";

/** The result of a run, page by page. */
export type Run = { readonly pages: readonly PullPage[]; readonly news: number };

export type Mirror = {
  readonly issues: ReadonlyMap<string, NativeIssue>;
  readonly rejected: ReadonlyMap<string, RejectedRecord>;
  cursor(): Cursor | null;
  /** Performs one run like the sync engine; with `breakAfter` it stops after that many pages and keeps the resume point. */
  pull(
    connection: TrackerConnection,
    source: Source,
    options?: { breakAfter?: number; onPage?: (page: PullPage) => void; signal?: AbortSignal },
  ): Promise<Run>;
};

/** A minimal mirror: stores issues by id and finds changes by comparison. */
export function createMirror(): Mirror {
  const issues = new Map<string, NativeIssue>();
  const rejected = new Map<string, RejectedRecord>();
  let cursor: Cursor | null = null;
  let resume: Cursor | null = null;

  return {
    issues,
    rejected,
    cursor: () => cursor,
    async pull(connection, source, options = {}) {
      const pages: PullPage[] = [];
      let news = 0;
      const signal = options.signal ?? new AbortController().signal;
      for await (const page of connection.pull(source, { cursor, resume: throughDisk(resume), signal })) {
        assert.ok(pages.at(-1)?.finished == null, "no page follows the last one");
        assert.equal(page.resume === null, page.finished !== null, "a page is the last one or says where to go on");
        pages.push(page);
        for (const issue of page.changes) {
          const known = issues.get(issue.nativeId);
          if (known === undefined || JSON.stringify(known) !== JSON.stringify(issue)) news += 1;
          issues.set(issue.nativeId, issue);
          rejected.delete(issue.nativeId);
        }
        for (const id of page.removed) if (issues.delete(id)) news += 1;
        for (const record of page.rejected) if (record.nativeId !== null) rejected.set(record.nativeId, record);
        if (page.finished !== null) {
          cursor = throughDisk(cursor === null || news > 0 ? page.finished.advanced : page.finished.kept);
          resume = null;
        } else resume = page.resume;
        options.onPage?.(page);
        if (pages.length === options.breakAfter) break;
      }
      return { pages, news };
    },
  };
}

/** Cursors are stored as JSON. */
function throughDisk(cursor: Cursor | null): Cursor | null {
  return cursor === null ? null : (JSON.parse(JSON.stringify(cursor)) as Cursor);
}

/** What must be equal for every tracker. */
function cardOf(issue: Pick<WorldIssue, "nativeId" | "key" | "title" | "body" | "updatedAt">) {
  const { nativeId, key, title, body, updatedAt } = issue;
  return { nativeId, key, title, body, updatedAt };
}

/** Asserts that the mirror contains exactly these issues, as in the world. */
export function assertMirrors(mirror: Pick<Mirror, "issues">, world: readonly WorldIssue[]): void {
  const byId = (a: { nativeId: string }, b: { nativeId: string }) => (a.nativeId < b.nativeId ? -1 : 1);
  assert.deepEqual([...mirror.issues.values()].map(cardOf).sort(byId), world.map(cardOf).sort(byId));
}
