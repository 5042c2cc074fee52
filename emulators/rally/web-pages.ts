import { fileReply } from "../server/stored-files.ts";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import { avatarImage, textPage } from "../server/web-page.ts";
import type { Access } from "./access.ts";
import { filesPath } from "./files.ts";
import type { RallyState } from "./state.ts";

/** The pages, files and avatars that links lead to. null: not a page. */
export function webPage(state: RallyState, access: Access, request: WireRequest): WireReply | null {
  if (request.method !== "GET") return null;
  const isKnown = access.identify(request) !== null;
  const face = /^\/slm\/profile\/image\/(\d+)\/\d+\.sp$/.exec(request.path)?.[1];
  if (face !== undefined) {
    const user = state.users.find(({ oid }) => String(oid) === face);
    return isKnown && user !== undefined ? avatarImage(user.displayName) : textPage(404, "Not found", "");
  }
  if (request.path.startsWith(filesPath)) {
    const file = state.files.get(/^\d+/.exec(request.path.slice(filesPath.length))?.[0] ?? "");
    return isKnown && file !== undefined ? fileReply(file) : textPage(404, "Not found", "");
  }
  // The real site is a browser application: what it shows is in the fragment.
  if (request.path === "/") return forwardPage;
  const detail = /^\/detail\/[a-z/]+\/(\d+)$/.exec(request.path)?.[1];
  if (detail === undefined) return null;
  const artifact = state.artifacts.get(Number(detail));
  if (!artifact) return textPage(404, "Not found", "There is no such item in this emulator.");
  return textPage(200, `${artifact.formattedId}: ${artifact.name}`, `${artifact.project.name}\n\n${artifact.text}`);
}

const forwardPage: WireReply = {
  status: 200,
  headers: { "Content-Type": "text/html; charset=utf-8" },
  body: `<!doctype html><title>Rally emulator</title><p>A tracker emulator.</p><script>
const shown = /\\/detail\\/.*$/.exec(location.hash);
if (shown) location.replace(shown[0]);
</script>`,
};
