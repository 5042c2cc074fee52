import type { NativeIssue } from "../../domain/issue.ts";
import type { Trx } from "../database/database.ts";
import { overlay } from "../../domain/overlay.ts";
import { findOpenChanges } from "../outbox/operation-row.ts";
import { take } from "./change-set.ts";
import type { Mirrored } from "./mirrored.ts";
import { fromRecord, toRecord } from "./native-record.ts";

/** An issue of a page with a new or changed base. */
export type News = {
  readonly id: number;
  /** The base: the tracker's version. */
  readonly issue: NativeIssue;
  /** The base with the open operations applied, from which rows are written. */
  readonly shown: NativeIssue;
  /** When the base was requested. */
  readonly requestedAt: number;
  /** The base as text. */
  readonly text: string;
  /** It has blockers that only reading it individually will name. */
  readonly relationsUnread: boolean;
  /** null: not mirrored before. */
  readonly before: { readonly row: Mirrored; readonly issue: NativeIssue; readonly shown: NativeIssue } | null;
};

/** An issue whose base was read again unchanged. */
export type SeenAgain = { readonly id: number; readonly requestedAt: number };

/** Sorts a page's records into news, those seen again unchanged, and those requested before the present base (left out, `overtaken`). */
export async function findNews(
  db: Trx,
  page: { readonly sourceId: number; readonly askedAt: (nativeId: string) => number },
  incoming: Iterable<NativeIssue>,
  mirrored: ReadonlyMap<string, Mirrored>,
  tombstones: ReadonlyMap<string, number>,
): Promise<{ readonly news: readonly News[]; readonly again: readonly SeenAgain[]; readonly overtaken: boolean }> {
  const fresh: ReturnType<typeof toRecord>[] = [];
  const changed: Omit<News, "shown">[] = [];
  const again: SeenAgain[] = [];
  let overtaken = false;
  for (const record of incoming) {
    const row = mirrored.get(record.nativeId);
    const requestedAt = page.askedAt(record.nativeId);
    if (requestedAt < (row?.requestedAt ?? tombstones.get(record.nativeId) ?? 0)) {
      overtaken = true;
      continue;
    }
    if (!row) {
      fresh.push(toRecord(record, null));
      continue;
    }
    // Most records read again are unchanged, so compare texts before parsing anything.
    const plain = toRecord(record, null);
    if (plain.text === row.record && row.sourceId === page.sourceId) {
      again.push({ id: row.id, requestedAt });
      continue;
    }
    const before = fromRecord(row.record);
    const { issue, text, relationsUnread } = toRecord(record, before);
    if (text === row.record && row.sourceId === page.sourceId) again.push({ id: row.id, requestedAt });
    else {
      changed.push({
        id: row.id,
        issue,
        text,
        relationsUnread,
        requestedAt,
        before: { row, issue: before, shown: before },
      });
    }
  }
  const open = await findOpenChanges(
    db,
    changed.map((entry) => entry.id),
  );
  const news = changed.map((entry): News => {
    const changes = open.get(entry.id) ?? [];
    const before = entry.before && { ...entry.before, shown: overlay(entry.before.issue, changes) };
    return { ...entry, shown: overlay(entry.issue, changes), before };
  });
  const last = await take(db, "issue", fresh.length);
  const first = last - fresh.length + 1;
  const firsts = fresh.map((entry, index): News => ({
    ...entry,
    shown: entry.issue,
    requestedAt: page.askedAt(entry.issue.nativeId),
    id: first + index,
    before: null,
  }));
  return { news: [...news, ...firsts], again, overtaken };
}
