import { GraphQLError } from "graphql";
import { avatarImage, textPage } from "../server/web-page.ts";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import { fileReply } from "../server/stored-files.ts";
import type { Access } from "./access.ts";
import { filesPath } from "./files.ts";
import type { LinearState } from "./state.ts";

/** The pages behind `url` and `avatarUrl`, so that a board's links work. null: not a page. */
export function webPage(state: LinearState, access: Access, request: WireRequest): WireReply | null {
  if (request.method !== "GET") return null;
  const userId = /^\/avatars\/([^/]+)$/.exec(request.path)?.[1];
  if (userId !== undefined) return avatarImage(state.users.find(({ id }) => id === userId)?.name ?? "Harborline");
  if (request.path.startsWith(filesPath)) {
    const file = state.files.get(request.path.slice(filesPath.length));
    if (access.identify(request) instanceof GraphQLError) return textPage(401, "Unauthorized", "");
    return file === undefined ? textPage(404, "Not found", "") : fileReply(file);
  }
  const identifier = /^\/[^/]+\/issue\/([A-Za-z0-9]+-\d+)/.exec(request.path)?.[1];
  if (identifier === undefined) return null;
  const issue = state.byIdentifier.get(identifier.toUpperCase());
  if (issue === undefined) return textPage(404, "Not found", "There is no such issue in this emulator.");
  return textPage(200, `${identifier} ${issue.title}`, `${issue.state.name}\n\n${issue.description ?? ""}`);
}
