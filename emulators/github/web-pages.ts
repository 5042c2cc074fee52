import type { WireReply, WireRequest } from "../server/http-server.ts";
import { findRepo, type GitHubState } from "./state.ts";

/** The pages behind `html_url` and `avatar_url`, so that links from a board lead somewhere. null: not a page. */
export function webPage(state: GitHubState, request: WireRequest): WireReply | null {
  if (request.method !== "GET") return null;
  const avatar = /^\/avatars\/u\/(\d+)$/.exec(request.path);
  if (avatar) return avatarImage(state, Number(avatar[1]));
  const page = /^\/([^/]+\/[^/]+)\/(?:issues|pull)\/(\d+)$/.exec(request.path);
  const repo = page?.[1] === undefined ? undefined : findRepo(state, page[1]);
  if (!repo || request.path.startsWith("/repos/")) return null;
  const issue = repo.issues.get(Number(page?.[2]));
  if (!issue) return html(404, "Not found", "There is no such issue in this emulator.");
  return html(200, `${issue.title} · ${repo.fullName} #${issue.number}`, `${issue.state}\n\n${issue.body ?? ""}`);
}

const avatarColors = ["#3b6ea5", "#8a5a83", "#3f7d5a", "#a5673b", "#5a6b8a", "#94513f"];

function avatarImage(state: GitHubState, id: number): WireReply {
  const name = state.users.find((user) => user.id === id)?.name ?? state.organisation.name;
  const initials = name
    .split(" ")
    .map((word) => word.slice(0, 1))
    .join("");
  const color = avatarColors[id % avatarColors.length] ?? "#3b6ea5";
  return {
    status: 200,
    headers: { "Content-Type": "image/svg+xml", "Cache-Control": "max-age=86400" },
    body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${color}"/><text x="20" y="26" font-family="sans-serif" font-size="16" fill="#fff" text-anchor="middle">${initials}</text></svg>`,
  };
}

function html(status: number, title: string, text: string): WireReply {
  return {
    status,
    headers: { "Content-Type": "text/html; charset=utf-8" },
    body: `<!doctype html><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1><p>Emulated page.</p><pre style="white-space:pre-wrap">${escapeHtml(text)}</pre>`,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
