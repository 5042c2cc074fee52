import type { WireReply, WireRequest } from "../server/http-server.ts";
import { avatarImage, textPage } from "../server/web-page.ts";
import { findProject, type GitLabState } from "./state.ts";

/** The pages behind `web_url` and `avatar_url`, so that a board's links work; `below`: the server's path prefix. null: not a page. */
export function webPage(state: GitLabState, below: string, request: WireRequest): WireReply | null {
  if (request.method !== "GET" || !request.path.startsWith(`${below}/`)) return null;
  const userId = /\/uploads\/-\/system\/user\/avatar\/(\d+)\/avatar\.png$/.exec(request.path)?.[1];
  if (userId !== undefined) {
    return avatarImage(state.users.find(({ id }) => String(id) === userId)?.name ?? state.group.name);
  }
  const page = /^\/(.+)\/-\/(?:issues|work_items)\/(\d+)$/.exec(request.path.slice(below.length));
  const project = page?.[1] === undefined ? undefined : findProject(state, page[1]);
  if (!project) return null;
  const issue = project.issues.get(Number(page?.[2]));
  if (!issue) return textPage(404, "Not found", "There is no such issue in this emulator.");
  return textPage(
    200,
    `${issue.title} · ${project.path} #${issue.iid}`,
    `${issue.state}\n\n${issue.description ?? ""}`,
  );
}
