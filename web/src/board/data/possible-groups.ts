import type { QueryClient } from "@tanstack/react-query";
import { foldName } from "../../../../src/domain/fold-name.ts";
import { priorities, priorityLabels } from "../../../../src/domain/priority.ts";
import { statuses } from "../../../../src/domain/status.ts";
import { facetsQuery, projectsQuery, trackersQuery } from "../../api/queries.ts";
import type { BoardQuery } from "../../filter/board-query.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { noGroup } from "../../filter/grouping.ts";

async function everyGroup(client: QueryClient, grouping: Grouping): Promise<readonly string[]> {
  switch (grouping) {
    case "status":
      return statuses;
    case "priority":
      return [...priorities.filter((priority) => priority > 0), 0 as const].map((priority) =>
        priorityLabels[priority].toLowerCase(),
      );
    case "project":
      return (await client.ensureQueryData(projectsQuery)).map(({ id }) => id);
    case "tracker": {
      const { trackers } = await client.ensureQueryData(trackersQuery);
      return [...new Set(trackers.filter(({ sources }) => sources.length > 0).map(({ id }) => id))];
    }
    case "assignee":
      return [...(await client.fetchQuery(facetsQuery)).assignees.map(({ login }) => login), noGroup];
    case "state":
      return (await client.fetchQuery(facetsQuery)).states.map(({ name }) => name);
    case "cycle":
      return [...(await client.fetchQuery(facetsQuery)).cycles.map(({ name }) => name), noGroup];
  }
}

/** The groups a filter allows, in order. */
export async function possibleGroups(client: QueryClient, query: BoardQuery): Promise<readonly string[]> {
  const named = query.chips.filter(({ key }) => key === query.group).map(({ value }) => value);
  const groups = await everyGroup(client, query.group);
  if (named.length === 0) return groups;
  const { trackers } = await client.ensureQueryData(trackersQuery);
  const mine = trackers.flatMap(({ account }) => (account === null ? [] : [account.login]));
  const wanted = new Set(
    named.flatMap((value) => (query.group === "assignee" && value === "me" ? mine : [value])).map(foldName),
  );
  return groups.filter((group) => wanted.has(foldName(group)));
}

/** The filter without its conditions on the grouping key, which a single group replaces. */
export function narrowed(query: BoardQuery): BoardQuery {
  return { ...query, chips: query.chips.filter(({ key }) => key !== query.group) };
}
