import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { foldName } from "../../domain/fold-name.ts";
import type { Grouping } from "../../domain/grouping.ts";
import { priorities, priorityLabels } from "../../domain/priority.ts";
import { forEachStatus, statuses } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import { foldRef } from "../mirror/ref.ts";
import type { Plan } from "./plan.ts";
import type { Group } from "./group.ts";
import { matchesOf } from "./windows.ts";

type Row = { readonly value: string | number | null; readonly status: number; readonly n: number };

/** Every group that has issues of a plan, largest first, with the numbers that a filter to that group finds. */
export async function countGroups(db: Trx, plan: Plan, grouping: Grouping): Promise<readonly Group[]> {
  if (plan.cells.length === 0) return [];
  const matches = await matchesOf(db, plan);
  const { rows } = await rowsOf(db, grouping, matches);
  const groups = new Map<string, { readonly group: string; readonly counts: number[] }>();
  for (const { value, status, n } of rows) {
    const group = nameOf(plan, grouping, value);
    // Equal names in several sources are one group, as they are one value of a filter.
    const folded = (grouping === "state" || grouping === "cycle" ? foldName : foldRef)(group);
    const found = groups.get(folded) ?? { group, counts: statuses.map(() => 0) };
    found.counts[status] = (found.counts[status] ?? 0) + n;
    groups.set(folded, found);
  }
  return [...groups.values()]
    .map(({ group, counts }) => ({
      group,
      total: counts.reduce((sum, count) => sum + count, 0),
      byStatus: forEachStatus((_, index) => counts[index] ?? 0),
    }))
    .toSorted((a, b) => b.total - a.total || (a.group < b.group ? -1 : 1));
}

function rowsOf(db: Trx, grouping: Grouping, matches: RawBuilder<boolean>) {
  const count = (value: RawBuilder<unknown>, join = sql``) =>
    sql<Row>`
      select ${value} as value, i.status, count(*) as n
      from issue i ${join} where ${matches} group by ${value}, i.status
      order by ${value}`.execute(db);
  switch (grouping) {
    case "status":
      return count(sql`i.status`);
    case "project":
    case "tracker":
      return count(sql`i.source_id`);
    case "priority":
      return count(sql`i.priority`);
    case "state":
      return count(sql`s.name`, sql`join state s on s.id = i.state_id`);
    case "cycle":
      return count(sql`y.name`, sql`left join cycle y on y.id = i.cycle_id`);
    case "assignee":
      return count(
        sql`p.login`,
        sql`left join issue_assignee ia on ia.issue_id = i.id left join person p on p.id = ia.person_id`,
      );
  }
}

function nameOf({ sources }: Plan, grouping: Grouping, value: Row["value"]): string {
  switch (grouping) {
    case "status":
      return statuses[Number(value)] ?? "backlog";
    case "priority":
      return priorityLabels[priorities.find((priority) => priority === value) ?? 0].toLowerCase();
    case "project":
    case "tracker": {
      const config = sources.find(({ id }) => id === value)?.config;
      return (grouping === "project" ? config?.project : config?.tracker) ?? "";
    }
    case "state":
    case "cycle":
    case "assignee":
      return value === null ? "none" : String(value);
  }
}
