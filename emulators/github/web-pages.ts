import type { WireReply, WireRequest } from "../server/http-server.ts";
import { avatarImage, textPage } from "../server/web-page.ts";
import { fileReply } from "../server/stored-files.ts";
import type { Access } from "./access.ts";
import { fileIn } from "./files.ts";
import { findRepo, type GitHubState } from "./state.ts";

/** The pages behind `html_url` and `avatar_url`, so that a board's links work. null: not a page. */
export function webPage(state: GitHubState, access: Access, request: WireRequest): WireReply | null {
  if (request.method !== "GET") return null;
  const userId = /^\/avatars\/u\/(\d+)$/.exec(request.path)?.[1];
  if (userId !== undefined) {
    return avatarImage(state.users.find(({ id }) => String(id) === userId)?.name ?? state.organisation.name);
  }
  const fileId = fileIn(request.path);
  if (fileId !== null) {
    const file = state.files.get(fileId);
    // 404 for anything private, so that outsiders do not learn that it exists.
    if (file === undefined || access.identify(request)?.user == null) return textPage(404, "Not found", "");
    return fileReply(file);
  }
  const page = /^\/([^/]+\/[^/]+)\/(?:issues|pull)\/(\d+)$/.exec(request.path);
  const repo = page?.[1] === undefined ? undefined : findRepo(state, page[1]);
  if (!repo) return null;
  const issue = repo.issues.get(Number(page?.[2]));
  if (!issue) return textPage(404, "Not found", "There is no such issue in this emulator.");
  return textPage(200, `${issue.title} · ${repo.fullName} #${issue.number}`, `${issue.state}\n\n${issue.body ?? ""}`);
}
