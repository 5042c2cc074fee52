import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Project } from "./records.ts";
import { errorReply, jsonReply, pageOf } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { findProject } from "./state.ts";

type Board = { readonly id: number; readonly name: string; readonly type: "scrum" | "kanban" | "simple" };

/** Ids of Kanban boards start here. */
const firstKanban = 500;

/**
 * Jira Software's own API. A team-managed project has one board, of type `simple`, whether its sprints are enabled or not
 * (https://github.com/airbytehq/airbyte/pull/25798); a company-managed one has a scrum board, and here a Kanban board too.
 */
export function agileRoute(context: RouteContext, request: WireRequest, path: string): WireReply {
  const { state, wire, account } = context;
  const visible = state.projects.filter((one) => account.sees(one)).sort((a, b) => (a.key < b.key ? -1 : 1));
  if (path === "board") {
    const key = request.query.get("projectKeyOrId");
    const found = key === null ? undefined : findProject(state, key);
    if (key !== null && (found === undefined || !account.sees(found))) {
      return errorReply(400, [`No project could be found with key or id '${key}'.`]);
    }
    const type = request.query.get("type");
    const boards = visible
      .filter((project) => found === undefined || project === found)
      .flatMap(boardsOf)
      .filter((board) => type === null || type.split(",").includes(board.type))
      .map((board) => ({ self: `${state.baseUrl}/rest/agile/1.0/board/${board.id}`, ...board }));
    return jsonReply(200, pageOf(request, boards, 50));
  }
  const id = Number(/^board\/(\d+)\/sprint$/.exec(path)?.[1]);
  const project = visible.find((one) => boardsOf(one).some((board) => board.id === id));
  if (project === undefined) return errorReply(404, ["Board does not exist or you do not have permission to see it."]);
  if (id !== project.boardId || project.sprints.length === 0) {
    // Programs match this exact text.
    return errorReply(400, ["The board does not support sprints"]);
  }
  const states = (request.query.get("state") ?? "future,active,closed").split(",");
  const sprints = project.sprints
    .filter((sprint) => states.includes(sprint.state))
    .map((sprint) => wire.sprint(sprint));
  return jsonReply(200, pageOf(request, sprints, 50));
}

function boardsOf({ key, boardId, isTeamManaged }: Project): Board[] {
  if (isTeamManaged) return [{ id: boardId, name: `${key} board`, type: "simple" }];
  return [
    { id: boardId, name: `${key} board`, type: "scrum" },
    { id: firstKanban + boardId, name: `${key} operations`, type: "kanban" },
  ];
}
