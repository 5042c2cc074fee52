import type { JiraCalls } from "./calls.ts";
import { BoardPage, type Sprint, SprintPage } from "./schema.ts";

const pageSize = 50;
const maxBoards = 5;
const maxBoardPages = 4;
const maxSprintPages = 10;

type Calls = Pick<JiraCalls, "http" | "parse">;

/** The active and coming sprints of a project's boards; past ones come with their issues. Throws `not_found` without Jira Software. */
export async function fetchSprints(calls: Calls, projectKey: string, signal?: AbortSignal): Promise<readonly Sprint[]> {
  const sprints = new Map<string, Sprint>();
  for (const board of await fetchBoards(calls, projectKey, signal)) {
    for await (const page of sprintsOf(calls, board, signal)) for (const one of page) sprints.set(one.id, one);
  }
  return [...sprints.values()];
}

/**
 * The boards that may have sprints. Those of team-managed projects have the type `simple`, with sprints or without
 * (https://github.com/airbytehq/airbyte/pull/25798); a list can be filtered by only one type.
 */
async function fetchBoards({ http, parse }: Calls, projectKey: string, signal?: AbortSignal): Promise<string[]> {
  const boards: string[] = [];
  let startAt = 0;
  for (let page = 0; page < maxBoardPages && boards.length < maxBoards; page++) {
    const query = { projectKeyOrId: projectKey, startAt, maxResults: pageSize };
    const response = await http.request({ url: "/rest/agile/1.0/board", query, signal });
    const { values, isLast } = parse(BoardPage, response, "board");
    boards.push(...values.filter(({ type }) => type !== "kanban").map(({ id }) => id));
    startAt += values.length;
    if (isLast !== false || values.length === 0) break;
  }
  return boards.slice(0, maxBoards);
}

/**
 * The sprints of a board; none if the board "does not support sprints" (400), has no columns for any status (422,
 * https://github.com/estuary/connectors/pull/4848), or was deleted meanwhile, so that the other boards are still read.
 */
async function* sprintsOf({ http, parse }: Calls, board: string, signal?: AbortSignal) {
  let startAt = 0;
  for (let page = 0; page < maxSprintPages; page++) {
    const response = await http.request({
      url: `/rest/agile/1.0/board/${encodeURIComponent(board)}/sprint`,
      query: { state: "active,future", startAt, maxResults: pageSize },
      accept: [400, 404, 422],
      signal,
    });
    if (response.status >= 400) return;
    const { values, isLast } = parse(SprintPage, response, "sprint");
    yield values;
    startAt += values.length;
    if (isLast !== false || values.length === 0) return;
  }
}
