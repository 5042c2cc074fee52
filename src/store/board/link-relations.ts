import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { findLinks } from "../links/find-links.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { IssueCard } from "./issue-card.ts";
import type { RelationRow } from "./relation-row.ts";

export type LinkRelation = RelationRow & { readonly origin: "made" | "text" };

/** An issue's relations stored by Panopticon, except those that the tracker's own (`known`) already include. */
export async function findLinkRelations(
  db: Trx,
  sources: readonly SourceRecord[],
  card: Pick<IssueCard, "id" | "connection" | "parent">,
  known: readonly RelationRow[],
): Promise<readonly LinkRelation[]> {
  const links = await findLinks(db, sources, card.id);
  if (links.length === 0) return [];
  const { rows } = await sql<Omit<RelationRow, "native_id" | "type"> & { id: number }>`
    select c.issue_id as id, c.native_id as target, c.ref, c.url, c.source_id, c.title, i.status
    from card c join issue i on i.id = c.issue_id
    where c.issue_id in ${db.dialect.list(links.map((link) => link.otherId))}`.execute(db);
  const others = new Map(rows.map((row) => [row.id, row]));
  const connections = new Map(sources.map((source) => [source.id, source.config.connection]));
  const said = new Set(known.map((relation) => `${relation.type} ${relation.source_id} ${relation.target}`));
  const related = new Set(known.map((relation) => `${relation.source_id} ${relation.target}`));
  return links.flatMap(({ id, type, otherId, origin }): readonly LinkRelation[] => {
    const other = others.get(otherId);
    if (other === undefined || other.source_id === null) return [];
    const name = `${other.source_id} ${other.target}`;
    const isParent = other.target === card.parent?.nativeId && connections.get(other.source_id) === card.connection;
    if (origin === "made" ? said.has(`${type} ${name}`) : related.has(name) || isParent) return [];
    related.add(name);
    return [{ ...other, native_id: id, type, origin }];
  });
}
