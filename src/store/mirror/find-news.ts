import type { NativeIssue } from "../../domain/issue.ts";
import type { Trx } from "../database/database.ts";
import { take } from "./change-set.ts";
import type { Mirrored } from "./mirrored.ts";
import { fromRecord, toRecord } from "./native-record.ts";

/** An issue of a page whose base is new or different. */
export type News = {
  readonly id: number;
  readonly issue: NativeIssue;
  /** The base as text. */
  readonly text: string;
  /** Something blocks it that only reading it alone will name. */
  readonly relationsUnread: boolean;
  /** null: not mirrored before. */
  readonly before: { readonly row: Mirrored; readonly issue: NativeIssue } | null;
};

/** Sorts a page's records into news, what was seen again unchanged, and what is older than what is known (left out). */
export async function findNews(
  db: Trx,
  page: { readonly sourceId: number; readonly requestedAt: number },
  incoming: Iterable<NativeIssue>,
  mirrored: ReadonlyMap<string, Mirrored>,
  tombstones: ReadonlyMap<string, number>,
): Promise<{ readonly news: readonly News[]; readonly again: readonly number[] }> {
  const fresh: ReturnType<typeof toRecord>[] = [];
  const news: News[] = [];
  const again: number[] = [];
  for (const record of incoming) {
    const row = mirrored.get(record.nativeId);
    if (page.requestedAt < (row?.requestedAt ?? tombstones.get(record.nativeId) ?? 0)) continue;
    if (!row) {
      fresh.push(toRecord(record, null));
      continue;
    }
    // Most of what is read again is unchanged: its text is compared before anything is parsed.
    const plain = toRecord(record, null);
    if (plain.text === row.record && row.sourceId === page.sourceId) {
      again.push(row.id);
      continue;
    }
    const before = fromRecord(row.record);
    const { issue, text, relationsUnread } = toRecord(record, before);
    if (text === row.record && row.sourceId === page.sourceId) again.push(row.id);
    else news.push({ id: row.id, issue, text, relationsUnread, before: { row, issue: before } });
  }
  const last = await take(db, "issue", fresh.length);
  const first = last - fresh.length + 1;
  return { news: [...news, ...fresh.map((entry, index) => ({ ...entry, id: first + index, before: null }))], again };
}
