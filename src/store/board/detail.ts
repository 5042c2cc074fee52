import { sql } from "kysely";
import type { NativeRelation } from "../../domain/issue.ts";
import { statuses } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import { fromRecord } from "../mirror/native-record.ts";
import { readShownBodies } from "../outbox/shown-bodies.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import type { IssueDetail } from "../store.ts";
import { failMissing } from "./card.ts";
import { readCards } from "./cards.ts";
import { findChildRelations } from "./child-relations.ts";
import { findLinkRelations } from "./link-relations.ts";
import type { RelationRow } from "./relation-row.ts";
import { findTwoSidedRelations } from "./two-sided-relations.ts";
import { addressOf, findSharedRefs } from "./shared-refs.ts";
import { findNewestKey, findWrittenRefs } from "./written-refs.ts";

/** See `BoardStore.detail`. Throws `not_found`. */
export async function readDetail(db: Trx, id: number): Promise<IssueDetail> {
  const sources = await findVisibleSources(db);
  const [card] = await readCards(db, sources, [id]);
  const { rows } = await sql<{ source_id: number; comments_at: number | null; record: string }>`
    select i.source_id, i.comments_at, b.record
    from issue i join base b on b.issue_id = i.id
    where i.id = ${id}`.execute(db);
  const row = rows[0];
  if (!card || !row) return failMissing();
  const visible = db.dialect.list(sources.map((source) => source.id));
  const named = await sql<RelationRow>`
    select r.native_id, r.type, r.target, other.ref, coalesce(other.url, n.url) as url, other.source_id,
      coalesce(other.title, n.title) as title, n.key as known_as, i.status
    from relation r
    join card c on c.issue_id = r.issue_id
    left join card other
      on other.native_id = r.target and other.connection_id = c.connection_id and other.source_id in ${visible}
    left join issue i on i.id = other.issue_id
    left join named_issue n on n.native_id = r.target and n.connection_id = c.connection_id
    where r.issue_id = ${id} order by r.type, r.target, r.native_id`.execute(db);
  const relationRows = await withOtherEnds(db, visible, card, named.rows);
  const children = await findChildRelations(db, sources, {
    nativeId: card.nativeId,
    key: card.key,
    sourceId: row.source_id,
  });
  const isNamed = new Set(relationRows.flatMap(({ type, target }) => (type === "child" ? [target] : [])));
  const own = [...relationRows, ...children.filter(({ target }) => !isNamed.has(target))];
  const relations = [
    ...own.map((relation) => ({ ...relation, origin: "tracker" as const })),
    ...(await findLinkRelations(db, sources, card, own)),
  ];
  const aliases = await sql<{ key: string }>`
    select key from alias where issue_id = ${id} order by key_folded`.execute(db);
  const refs = relations.flatMap(({ ref }) => (ref === null ? [] : [ref]));
  const shared = await findSharedRefs(db, sources, refs);
  const bySource = new Map(sources.map((source) => [source.id, source]));
  const { attachments } = fromRecord(row.record);
  const bodies = await readShownBodies(db, [{ id, record: row.record }]);
  return {
    ...card,
    sourceId: row.source_id,
    body: bodies.get(id) ?? "",
    attachments: attachments ?? null,
    relations: relations.map((relation) => ({
      address:
        relation.ref === null
          ? null
          : addressOf(
              { ref: relation.ref, url: relation.url },
              relation.source_id === null ? undefined : bySource.get(relation.source_id),
              shared,
            ),
      id: relation.native_id,
      type: relation.type,
      origin: relation.origin,
      targetId: relation.target,
      ref: relation.ref,
      key: relation.ref ?? relation.known_as ?? null,
      url: relation.url,
      tracker:
        (relation.source_id === null ? undefined : bySource.get(relation.source_id)?.config.tracker) ?? card.tracker,
      title: relation.title,
      status: relation.status === null ? null : (statuses[relation.status] ?? null),
    })),
    mentions: await findWrittenRefs(db, sources, id),
    newestKey: await findNewestKey(db, row.source_id),
    formerKeys: aliases.rows.map((alias) => alias.key),
    commentsAt: row.comments_at,
  };
}

/** The relations with those that open changes of other issues add and remove. */
async function withOtherEnds(
  db: Trx,
  visible: ReturnType<Trx["dialect"]["list"]>,
  { id }: Pick<IssueDetail, "id">,
  stored: readonly RelationRow[],
): Promise<readonly RelationRow[]> {
  const shown = (await findTwoSidedRelations(db, [id])).get(id);
  if (shown === undefined) return stored;
  const isAmong = (relations: readonly NativeRelation[], { type, target }: RelationRow) =>
    relations.some((one) => one.type === type && one.targetId === target);
  const kept = stored.filter((relation) => isAmong(shown, relation));
  const added = shown.filter(({ type, targetId }) => !kept.some((one) => one.type === type && one.target === targetId));
  if (added.length === 0) return kept;
  const { rows } = await sql<Omit<RelationRow, "native_id" | "type">>`
    select other.native_id as target, other.ref, other.url, other.source_id, other.title, i.status
    from card c
    join card other on other.connection_id = c.connection_id and other.source_id in ${visible}
      and other.native_id in ${db.dialect.list(added.map(({ targetId }) => targetId))}
    join issue i on i.id = other.issue_id
    where c.issue_id = ${id}`.execute(db);
  const others = new Map(rows.map((row) => [row.target, row]));
  const made = added.flatMap(({ id: native_id, type, targetId }): readonly RelationRow[] => {
    const other = others.get(targetId);
    return other === undefined ? [] : [{ ...other, native_id, type }];
  });
  return [...kept, ...made];
}
