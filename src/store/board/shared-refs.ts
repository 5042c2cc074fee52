import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { foldRef } from "../mirror/ref.ts";
import type { SourceRecord } from "../sources/source-record.ts";

/** The folded refs, among these, that several issues share: two repositories may share their last word, two accounts a team's key. */
export async function findSharedRefs(
  db: Trx,
  sources: readonly SourceRecord[],
  refs: readonly string[],
): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(refs.map(foldRef))];
  if (wanted.length === 0 || !canShare(sources)) return new Set();
  const { rows } = await sql<{ ref_folded: string }>`
    select ref_folded from card
    where ref_folded in ${db.dialect.list(wanted)} and source_id in ${db.dialect.list(sources.map(({ id }) => id))}
    group by ref_folded having count(*) > 1`.execute(db);
  return new Set(rows.map((row) => row.ref_folded));
}

/** Usually every source has its own prefix, and no lookup is needed. Keys without a prefix are unique inside a connection. */
function canShare(sources: readonly SourceRecord[]): boolean {
  let can = sharing.get(sources);
  if (can === undefined) sharing.set(sources, (can = haveCommonWords(sources)));
  return can;
}

/** Cached by the list of sources, which is the same array until a source changes. */
const sharing = new WeakMap<readonly SourceRecord[], boolean>();

function haveCommonWords(sources: readonly SourceRecord[]): boolean {
  const words = sources.map(({ config, connectionId }) =>
    config.refPrefix === "" ? `connection ${connectionId}` : `word ${foldRef(config.refPrefix)}`,
  );
  const prefixed = words.filter((word) => word.startsWith("word"));
  const connections = new Set(words.filter((word) => word.startsWith("connection")));
  return new Set(prefixed).size < prefixed.length || connections.size > 1;
}

/**
 * The text that identifies exactly this issue: its ref; if another issue shares that, source and key (`owner/repo#6`), or its URL for trackers whose refs name
 * no source.
 */
export function addressOf(
  issue: { readonly ref: string; readonly url?: string },
  source: SourceRecord | undefined,
  shared: ReadonlySet<string>,
): string {
  if (source === undefined || !shared.has(foldRef(issue.ref))) return issue.ref;
  const { refPrefix, key } = source.config;
  return refPrefix === "" ? (issue.url ?? issue.ref) : key + issue.ref.slice(refPrefix.length);
}
