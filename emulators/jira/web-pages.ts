import type { WireReply, WireRequest } from "../server/http-server.ts";
import { avatarImage, textPage } from "../server/web-page.ts";
import { findIssue, type JiraState } from "./state.ts";

/** The pages behind `browse` URLs and avatars, so that a board's links work. null: not a page. */
export function webPage(state: JiraState, contextPath: string, request: WireRequest): WireReply | null {
  if (request.method !== "GET" || !request.path.startsWith(contextPath)) return null;
  const path = request.path.slice(contextPath.length);
  if (path === "/secure/useravatar") {
    const owner = request.query.get("ownerId");
    return avatarImage(state.users.find(({ key }) => key === owner)?.name ?? "Harborline");
  }
  const key = /^\/browse\/([A-Za-z][A-Za-z0-9_]+(?:-\d+)?)$/.exec(path)?.[1];
  if (key === undefined) return null;
  const issue = findIssue(state, key);
  if (issue === undefined) return textPage(404, "Not found", "There is no such issue in this emulator.");
  return textPage(200, `${key.toUpperCase()} ${issue.summary}`, `${issue.status.name}\n\n${issue.typed}`);
}
