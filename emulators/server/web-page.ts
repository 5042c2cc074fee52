import type { WireReply } from "./http-server.ts";

/** A plain page for people who follow a link from the program under test. */
export function textPage(status: number, title: string, text: string): WireReply {
  const heading = escapeHtml(title);
  return {
    status,
    headers: { "Content-Type": "text/html; charset=utf-8" },
    body: `<!doctype html><title>${heading}</title><h1>${heading}</h1><p>A page of a tracker emulator.</p><pre style="white-space:pre-wrap">${escapeHtml(text)}</pre>`,
  };
}

const colors = ["#3b6ea5", "#8a5a83", "#3f7d5a", "#a5673b", "#5a6b8a", "#94513f"];

/** Initials on a colour, so that avatars never come from another server. */
export function avatarImage(name: string): WireReply {
  const initials = name
    .split(" ")
    .map((word) => word.slice(0, 1))
    .join("");
  const color = colors[(name.charCodeAt(0) + name.length) % colors.length] ?? "#3b6ea5";
  return {
    status: 200,
    headers: { "Content-Type": "image/svg+xml", "Cache-Control": "max-age=86400" },
    body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${color}"/><text x="20" y="26" font-family="sans-serif" font-size="16" fill="#fff" text-anchor="middle">${escapeHtml(initials)}</text></svg>`,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
