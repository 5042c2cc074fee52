import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { AgentState } from "../../domain/agent.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { IssueFilter } from "../../domain/filter.ts";
import { statuses } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import { foldRef } from "../mirror/ref.ts";
import { parseQuery } from "../search/parse-query.ts";
import type { Match } from "../search/parse-query.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { Me } from "../store.ts";
import { findBlocked } from "./blockers.ts";
import { findAgentStates } from "./card-work.ts";

/** One source's issues in one status, with their exact number. */
export type Cell = { readonly source: number; readonly status: number; readonly issues: number };

/** A condition on `i` in two forms: for a query that may start from it, and for one that visits issues in another order. */
export type Condition = { readonly start: RawBuilder<boolean>; readonly probe: RawBuilder<boolean> };

/** A filter with its names resolved in the mirror. */
export type Plan = {
  readonly sources: readonly SourceRecord[];
  /** The cells selected by source, project, tracker and status; none is empty. */
  readonly cells: readonly Cell[];
  /** The number of visible issues, without the filter. */
  readonly mirrored: number;
  readonly conditions: readonly Condition[];
  readonly match: Match | null;
};

/** Resolves the names in a filter. An unknown name results in no cells. */
export async function makePlan(db: Trx, filter: IssueFilter, me: Me): Promise<Plan> {
  const sources = await findVisibleSources(db);
  const counted = await db.selectFrom("source_count").selectAll().where("issues", ">", 0).execute();
  const visible = new Map(sources.map((source) => [source.id, source]));
  const cells = counted
    .filter((row) => visible.has(row.source_id))
    .map((row) => ({ source: row.source_id, status: row.status, issues: row.issues }));
  const wanted = new Set(
    sources
      .filter(({ config }) => given(filter.tracker)?.includes(config.tracker) ?? true)
      .filter(({ config }) => given(filter.project)?.some((id) => foldRef(id) === foldRef(config.project)) ?? true)
      .map((source) => source.id),
  );
  const wantedStatuses = given(filter.status)?.map((status) => statuses.indexOf(status));
  const { conditions, impossible } = await resolveWords(db, filter, me, sources, [...wanted]);
  return {
    sources,
    mirrored: cells.reduce((sum, cell) => sum + cell.issues, 0),
    cells: impossible
      ? []
      : cells.filter((cell) => wanted.has(cell.source) && (wantedStatuses?.includes(cell.status) ?? true)),
    conditions,
    match: filter.q === undefined ? null : parseQuery(filter.q),
  };
}

type Resolved = { readonly conditions: readonly Condition[]; readonly impossible: boolean };

async function resolveWords(
  db: Trx,
  filter: IssueFilter,
  me: Me,
  sources: readonly SourceRecord[],
  sourceIds: readonly number[],
): Promise<Resolved> {
  const conditions: Condition[] = [];
  let impossible = sourceIds.length === 0;
  /** Adds a condition on ids; without ids nothing can match. */
  const oneOf = (ids: readonly number[], condition: (list: RawBuilder<number>) => Condition) => {
    if (ids.length === 0) impossible = true;
    else conditions.push(condition(db.dialect.list(ids)));
  };

  const labels = given(filter.label);
  if (labels && !impossible) {
    const { rows } = await sql<{ id: number }>`
      select id from label
      where name_folded in ${db.dialect.list(labels.map(foldName))} and scope_id in ${db.dialect.list(sourceIds)}`.execute(
      db,
    );
    oneOf(idsOf(rows), (list) => linked("issue_label", "label_id", list));
  }
  const assignees = given(filter.assignee);
  if (assignees) {
    const people = await findPeople(db, assignees, me);
    const none = assignees.some((name) => foldRef(name) === "none");
    const assigned = (list: RawBuilder<number>) => linked("issue_assignee", "person_id", list);
    if (!none) oneOf(people, assigned);
    else if (people.length === 0) conditions.push(plain(sql`i.assignees = 0`));
    else conditions.push(plain(sql`(i.assignees = 0 or ${assigned(db.dialect.list(people)).start})`));
  }
  const states = given(filter.state)?.map(foldName);
  if (states && !impossible) {
    // A source has a few dozen states at most: compare the names here, folded as everywhere.
    const { rows } = await sql<{ id: number; name: string }>`
      select id, name from state where scope_id in ${db.dialect.list(sourceIds)}`.execute(db);
    const wanted = rows.filter((row) => states.includes(foldName(row.name)));
    oneOf(idsOf(wanted), (list) => plain(sql`i.state_id in ${list}`));
  }
  const types = given(filter.type);
  if (types) {
    const { rows } = await sql<{ id: number }>`
      select id from issue_type where name_folded in ${db.dialect.list(types.map(foldRef))}`.execute(db);
    oneOf(idsOf(rows), (list) => plain(sql`i.type_id in ${list}`));
  }
  const cycles = given(filter.cycle);
  if (cycles && !impossible) {
    const { rows } = await sql<{ id: number }>`
      select id from cycle
      where name_folded in ${db.dialect.list(cycles.map(foldName))} and scope_id in ${db.dialect.list(sourceIds)}`.execute(
      db,
    );
    const none = cycles.some((name) => foldName(name) === "none");
    const ids = idsOf(rows);
    if (!none) oneOf(ids, (list) => plain(sql`i.cycle_id in ${list}`));
    else if (ids.length === 0) conditions.push(plain(sql`i.cycle_id is null`));
    else conditions.push(plain(sql`(i.cycle_id is null or i.cycle_id in ${db.dialect.list(ids)})`));
  }
  /** Adds a condition on the issues themselves. */
  const among = (ids: readonly number[], wanted: boolean) => {
    const list = db.dialect.list(ids);
    if (wanted) oneOf(ids, () => plain(sql`i.id in ${list}`));
    else if (ids.length > 0) conditions.push(plain(sql`i.id not in ${list}`));
  };
  const blocked = new Set(given(filter.blocked));
  if (blocked.size === 1) among(await findBlocked(db, sources), blocked.has("yes"));
  const agents = given(filter.agent);
  if (agents) {
    const states = await findAgentStates(db);
    const fits = (state: AgentState) => agents.includes("any") || agents.includes(state);
    if (!agents.includes("none"))
      among(
        [...states.keys()].filter((id) => fits(states.get(id) ?? "lost")),
        true,
      );
    else
      among(
        [...states.keys()].filter((id) => !fits(states.get(id) ?? "lost")),
        false,
      );
  }
  const priorities = given(filter.priority);
  if (priorities) conditions.push(plain(sql`i.priority in (${sql.join([...priorities])})`));
  if (filter.updated?.after !== undefined) conditions.push(plain(sql`i.updated_at > ${filter.updated.after}`));
  if (filter.updated?.before !== undefined) conditions.push(plain(sql`i.updated_at < ${filter.updated.before}`));
  return { conditions, impossible };
}

function plain(condition: RawBuilder<boolean>): Condition {
  return { start: condition, probe: condition };
}

/** Issues linked to one of the listed rows. */
function linked(table: "issue_label" | "issue_assignee", column: string, list: RawBuilder<number>): Condition {
  const rows = sql`select link.issue_id from ${sql.table(table)} link where ${sql.ref(`link.${column}`)} in ${list}`;
  return { start: sql`i.id in (${rows})`, probe: sql`exists (${rows} and link.issue_id = i.id)` };
}

/** People by login, and the account that `me` means in each connection. */
async function findPeople(db: Trx, names: readonly string[], me: Me): Promise<readonly number[]> {
  const folded = names.map(foldRef);
  const { rows } = await sql<{ id: number }>`
    select id from person where login_folded in ${db.dialect.list(folded)}`.execute(db);
  const ids = idsOf(rows);
  if (!folded.includes("me")) return ids;
  for (const [connection, nativeId] of Object.entries(me)) {
    const found = await sql<{ id: number }>`
      select p.id
      from person p join connection c on c.id = p.scope_id
      where c.name = ${connection} and p.native_id = ${nativeId}`.execute(db);
    ids.push(...idsOf(found.rows));
  }
  return ids;
}

function idsOf(rows: readonly { readonly id: number }[]): number[] {
  return rows.map((row) => row.id);
}

/** A part of a filter; an empty one counts as absent. */
function given<Value>(values: readonly Value[] | undefined): readonly Value[] | undefined {
  return values === undefined || values.length === 0 ? undefined : values;
}
