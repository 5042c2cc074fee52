import { sql } from "kysely";
import type { Cycle, Label, Person } from "../../domain/issue.ts";
import type { Priority } from "../../domain/priority.ts";
import { statuses } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { findBlockers } from "./blockers.ts";
import { readCardRows } from "./card-row.ts";
import type { CardRow } from "./card-row.ts";
import { findWork } from "./card-work.ts";
import { groupRows } from "./group-rows.ts";
import type { IssueCard } from "./issue-card.ts";
import { addressOf, findSharedRefs } from "./shared-refs.ts";
import { findChildren, findParents } from "./family.ts";
import { findShadowed } from "./shadowed.ts";
import { findCommentDifferences, findStandings, synced } from "./standings.ts";

/** Reads cards by id, in the given order, with a fixed number of queries. Leaves out missing ids. */
export async function readCards(
  db: Trx,
  sources: readonly SourceRecord[],
  ids: readonly number[],
): Promise<readonly IssueCard[]> {
  const rows = await readCardRows(db, ids);
  const labels = await findLabels(db, ids);
  const assignees = await findAssignees(db, ids);
  const parents = await findParents(db, sources, rows);
  const children = await findChildren(db, sources, rows);
  const work = await findWork(db, ids);
  const blockers = await findBlockers(db, sources, ids);
  const standings = await findStandings(db, ids);
  const comments = await findCommentDifferences(db, ids);
  const shadows = await findShadowed(db, rows, sources);
  const refs = [...rows, ...parents.values()].flatMap((one) => (one?.ref == null ? [] : [one.ref]));
  const shared = await findSharedRefs(db, sources, refs);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const bySource = new Map(sources.map((source) => [source.id, source]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    const source = row && bySource.get(row.source_id);
    if (!row || !source) return [];
    const parent = parents.get(id) ?? null;
    const home = parent?.sourceId == null ? undefined : bySource.get(parent.sourceId);
    return {
      ...plainCard(row, source),
      address: addressOf(row, source, shared),
      labels: labels.get(id) ?? [],
      assignees: assignees.get(id) ?? [],
      parent: parent && {
        ref: parent.ref,
        address: parent.ref === null ? null : addressOf({ ref: parent.ref, url: parent.url }, home, shared),
        key: parent.key,
        title: parent.title,
        url: parent.url,
        nativeId: parent.nativeId,
      },
      commentCount: countComments(row.comment_count, comments.get(id)),
      children: children.get(id) ?? { done: 0, total: 0 },
      blockedBy: blockers.get(id) ?? [],
      workspace: work.get(id)?.workspace ?? null,
      agent: work.get(id)?.agent ?? null,
      sync: standings.get(id) ?? synced,
      shadow: shadows.get(id) ?? null,
    };
  });
}

function plainCard(row: CardRow, { config }: SourceRecord) {
  return {
    id: row.id,
    ref: row.ref,
    tracker: config.tracker,
    connection: config.connection,
    project: config.project,
    projectName: config.projectName,
    source: config.id,
    sourceKey: config.key,
    nativeId: row.native_id,
    key: row.key,
    url: row.url,
    type: row.type,
    title: row.title,
    status: statuses[row.status] ?? "backlog",
    nativeState: { id: row.state_id, name: row.state_name, category: row.category, position: row.position },
    priority: toPriority(row.priority),
    nativePriority: row.native_priority,
    author:
      row.author_id === null ? null : toPerson(row.author_id, row.author_login, row.author_name, row.author_avatar),
    cycle: toCycle(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    rank: row.manual_rank,
    closedAt: row.closed_at,
    dueDate: row.due_date,
    estimate: row.estimate,
  };
}

/** The tracker's count with the user's open changes; null if it does not count. */
function countComments(count: number | null, by: number | undefined): number | null {
  return count === null || by === undefined ? count : Math.max(0, count + by);
}

function toPriority(value: number): Priority {
  return value === 1 || value === 2 || value === 3 || value === 4 ? value : 0;
}

/** A person as known to the mirror; an unknown one is named by the native id. */
export function toPerson(id: string, login: string | null, name: string | null, avatarUrl: string | null): Person {
  return { id, login: login ?? id, name: name ?? login ?? id, avatarUrl };
}

function toCycle(row: CardRow): Cycle | null {
  if (row.cycle_id === null) return null;
  return { id: row.cycle_id, name: row.cycle_name ?? row.cycle_id, startsAt: row.starts_at, endsAt: row.ends_at };
}

async function findLabels(db: Trx, ids: readonly number[]): Promise<ReadonlyMap<number, Label[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ issue_id: number; id: string; name: string; color: string | null }>`
    select il.issue_id, l.native_id as id, l.name, l.color
    from issue_label il join label l on l.id = il.label_id
    where il.issue_id in ${db.dialect.list(ids)} order by l.name_folded, l.id`.execute(db);
  return groupRows(rows, ({ id, name, color }) => ({ id, name, color }));
}

async function findAssignees(db: Trx, ids: readonly number[]): Promise<ReadonlyMap<number, Person[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ issue_id: number; id: string; login: string; name: string; avatar_url: string | null }>`
    select ia.issue_id, p.native_id as id, p.login, p.name, p.avatar_url
    from issue_assignee ia join person p on p.id = ia.person_id
    where ia.issue_id in ${db.dialect.list(ids)} order by p.login_folded, p.id`.execute(db);
  return groupRows(rows, (row) => toPerson(row.id, row.login, row.name, row.avatar_url));
}
