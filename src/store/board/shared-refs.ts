import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { foldRef } from "../mirror/ref.ts";
import type { SourceRecord } from "../sources/source-record.ts";

/** What several issues or sources have in common, folded. */
export type Shared = {
  readonly refs: ReadonlySet<string>;
  /** Keys of sources: a repository may have the same path on two servers. */
  readonly keys: ReadonlySet<string>;
};

/** Which of these refs several issues share: two repositories may share their last word, two accounts a team's key. */
export async function findSharedRefs(
  db: Trx,
  sources: readonly SourceRecord[],
  refs: readonly string[],
): Promise<Shared> {
  const wanted = [...new Set(refs.map(foldRef))];
  const { canShare, keys } = inCommon(sources);
  if (wanted.length === 0 || !canShare) return { refs: new Set(), keys };
  const { rows } = await sql<{ ref_folded: string }>`
    select ref_folded from card
    where ref_folded in ${db.dialect.list(wanted)} and source_id in ${db.dialect.list(sources.map(({ id }) => id))}
    group by ref_folded having count(*) > 1`.execute(db);
  return { refs: new Set(rows.map((row) => row.ref_folded)), keys };
}

type InCommon = { readonly canShare: boolean; readonly keys: ReadonlySet<string> };

/** Cached by the list of sources, which is the same array until a source changes. */
const known = new WeakMap<readonly SourceRecord[], InCommon>();

function inCommon(sources: readonly SourceRecord[]): InCommon {
  const kept = known.get(sources);
  if (kept !== undefined) return kept;
  const found = {
    canShare: haveCommonWords(sources),
    keys: repeated(sources.map(({ config }) => foldRef(config.key))),
  };
  known.set(sources, found);
  return found;
}

function repeated(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.filter((word, index) => words.indexOf(word) !== index));
}

/** Usually every source has its own prefix, and no lookup is needed. Keys without a prefix are unique inside a connection. */
function haveCommonWords(sources: readonly SourceRecord[]): boolean {
  const words = sources.map(({ config, connectionId }) =>
    config.refPrefix === "" ? `connection ${connectionId}` : `word ${foldRef(config.refPrefix)}`,
  );
  const prefixed = words.filter((word) => word.startsWith("word"));
  const connections = new Set(words.filter((word) => word.startsWith("connection")));
  return new Set(prefixed).size < prefixed.length || connections.size > 1;
}

/**
 * The text that identifies exactly this issue: its ref; if another issue shares that, source and key (`owner/repo#6`), or its URL if that is shared too or the
 * tracker's refs name no source.
 */
export function addressOf(
  issue: { readonly ref: string; readonly url: string | null },
  source: SourceRecord | undefined,
  shared: Shared,
): string {
  if (source === undefined || !shared.refs.has(foldRef(issue.ref))) return issue.ref;
  const { refPrefix, key } = source.config;
  return refPrefix === "" || shared.keys.has(foldRef(key))
    ? (issue.url ?? issue.ref)
    : key + issue.ref.slice(refPrefix.length);
}
