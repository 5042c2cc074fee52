import { sql } from "kysely";
import { inverseOf } from "../../domain/inverse-relation.ts";
import type { RelationType } from "../../domain/issue.ts";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { findMentions } from "./index-mentions.ts";
import type { LinkStore } from "./links.ts";
import { handlesOfIssue } from "./mention-handle.ts";
import { resolveMentions } from "./resolve-mentions.ts";
import type { MentionRow } from "./resolve-mentions.ts";

export type FoundLink = Awaited<ReturnType<LinkStore["list"]>>[number];

/** See `LinkStore.list`. Only includes issues of the visible sources. */
export async function findLinks(
  db: Trx,
  sources: readonly SourceRecord[],
  issueId: number,
): Promise<readonly FoundLink[]> {
  return [...(await findMade(db, sources, issueId)), ...(await findMentioned(db, sources, issueId))];
}

async function findMade(db: Trx, sources: readonly SourceRecord[], issueId: number): Promise<readonly FoundLink[]> {
  const visible = db.dialect.list(sources.map((source) => source.id));
  const { rows } = await sql<{ id: number; from_id: number; to_id: number; type: RelationType }>`
    select l.id, l.from_id, l.to_id, l.type
    from link l
    join issue i on i.id = case when l.from_id = ${issueId} then l.to_id else l.from_id end
    where (l.from_id = ${issueId} or l.to_id = ${issueId}) and i.source_id in ${visible}
    order by l.id`.execute(db);
  return rows.map((row): FoundLink => {
    const forward = row.from_id === issueId;
    return {
      id: `link:${row.id}`,
      type: forward ? row.type : inverseOf(row.type),
      otherId: forward ? row.to_id : row.from_id,
      origin: "made",
    };
  });
}

/** Issues mentioned in this one's texts, and issues whose texts mention this one. */
async function findMentioned(
  db: Trx,
  sources: readonly SourceRecord[],
  issueId: number,
): Promise<readonly FoundLink[]> {
  const rows = [...(await findMentions(db, [issueId])), ...(await findNaming(db, sources, issueId))];
  const pairs = await resolveMentions(db, sources, rows);
  const others = new Set(
    pairs.flatMap((pair) =>
      pair.issueId === issueId ? [pair.otherId] : pair.otherId === issueId ? [pair.issueId] : [],
    ),
  );
  return [...others]
    .toSorted((a, b) => a - b)
    .map((otherId) => ({ id: `text:${otherId}`, type: "relates", otherId, origin: "text" }));
}

/** The mentions in other issues' texts that could mean this one, with all their readings. */
async function findNaming(db: Trx, sources: readonly SourceRecord[], issueId: number): Promise<readonly MentionRow[]> {
  const { rows: cards } = await sql<{ source_id: number; native_id: string; key: string }>`
    select source_id, native_id, key from card where issue_id = ${issueId}`.execute(db);
  const [card] = cards;
  const source = sources.find(({ id }) => id === card?.source_id);
  if (card === undefined || source === undefined) return [];
  const { rows: aliases } = await sql<{ key: string }>`select key from alias where issue_id = ${issueId}`.execute(db);
  const handles = handlesOfIssue(
    { nativeId: card.native_id, key: card.key, formerKeys: aliases.map((alias) => alias.key) },
    source,
  );
  const { rows } = await sql<MentionRow>`
    select m.issue_id, i.source_id, m.written, m.handle, m.host
    from mention found
    join mention m on m.issue_id = found.issue_id and m.written = found.written
    join issue i on i.id = m.issue_id
    where found.handle in ${db.dialect.list(handles)} and found.issue_id <> ${issueId}
      and i.source_id in ${db.dialect.list(sources.map(({ id }) => id))}`.execute(db);
  return rows;
}
