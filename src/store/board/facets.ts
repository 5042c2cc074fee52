import { sql } from "kysely";
import { foldName } from "../../domain/fold-name.ts";
import { statuses } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import type { BoardStore } from "../store.ts";

type Facets = Awaited<ReturnType<BoardStore["facets"]>>;

/** See `BoardStore.facets`. Equal names in several sources are one value. */
export async function readFacets(db: Trx): Promise<Facets> {
  const sources = await findVisibleSources(db);
  if (sources.length === 0) return { labels: [], assignees: [], types: [], cycles: [], states: [] };
  const ids = db.dialect.list(sources.map((source) => source.id));
  type Row = { name: string; folded: string; issues: number };
  const labels = await sql<Row & { color: string | null }>`
    select l.name, l.name_folded as folded, l.color,
      (select count(*) from issue_label il where il.label_id = l.id) as issues
    from label l where l.scope_id in ${ids} order by l.id`.execute(db);
  const cycles = await sql<Row>`
    select y.name, y.name_folded as folded, n.issues
    from (select cycle_id, count(*) as issues from issue where +source_id in ${ids} and cycle_id is not null group by cycle_id) n
    join cycle y on y.id = n.cycle_id
    order by y.id`.execute(db);
  const states = await sql<Row & { status: number; position: number }>`
    select s.name, '' as folded, s.position, n.issues, n.status
    from (
      select state_id, count(*) as issues, min(status) as status from issue where +source_id in ${ids} group by state_id
    ) n
    join state s on s.id = n.state_id
    order by n.status, s.position, s.id`.execute(db);
  const types = await sql<Row>`
    select t.name, t.name_folded as folded, n.issues
    from (select type_id, count(*) as issues from issue where +source_id in ${ids} group by type_id) n
    join issue_type t on t.id = n.type_id
    order by t.id`.execute(db);
  const people = await sql<Row & { login: string; avatar_url: string | null }>`
    select p.login, p.name, p.login_folded as folded, p.avatar_url, n.issues
    from (
      select ia.person_id, count(*) as issues
      from issue_assignee ia join issue i on i.id = ia.issue_id
      where +i.source_id in ${ids}
      group by ia.person_id
    ) n
    join person p on p.id = n.person_id
    order by p.id`.execute(db);
  return {
    labels: merged(labels.rows).map(({ name, color, issues }) => ({ name, color, issues })),
    assignees: merged(people.rows).map(({ login, name, avatar_url, issues }) => ({
      login,
      name,
      avatarUrl: avatar_url,
      issues,
    })),
    types: merged(types.rows).map(({ name, issues }) => ({ name, issues })),
    cycles: merged(cycles.rows).map(({ name, issues }) => ({ name, issues })),
    states: byName(states.rows.map((row) => ({ ...row, folded: foldName(row.name) }))).map(
      ({ name, issues, status }) => ({ name, issues, status: statuses[status] ?? "backlog" }),
    ),
  };
}

/** One entry per folded name, in the order of first occurrence; leaves out unused ones. */
function byName<Row extends { folded: string; name: string; issues: number }>(rows: readonly Row[]): readonly Row[] {
  const entries = new Map<string, Row>();
  for (const row of rows) {
    if (row.issues === 0) continue;
    const same = entries.get(row.folded);
    entries.set(row.folded, same ? { ...same, issues: same.issues + row.issues } : row);
  }
  return [...entries.values()];
}

/** The same, most used first. */
function merged<Row extends { folded: string; name: string; issues: number }>(rows: readonly Row[]): readonly Row[] {
  return byName(rows).toSorted((a, b) => b.issues - a.issues || (a.folded < b.folded ? -1 : 1));
}
