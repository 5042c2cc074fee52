import { navigate } from "wouter/use-browser-location";
import { decodePercent } from "../../src/domain/decode-percent.ts";

/** How issues are shown. */
export type Layout = "board" | "list";

/** What the history keeps with an address: whether an issue was opened from the board or list below it, and whether Back leads there. */
export type PlaceState = { readonly over?: boolean; readonly back?: boolean; readonly layout?: Layout };

export function placeState(state: unknown): PlaceState {
  return typeof state === "object" && state !== null ? state : {};
}

function withQuery(path: string, query: string): string {
  return query === "" ? path : `${path}?${query}`;
}

/** The layout of the page that is shown, or that lies below the open issue. */
export function currentLayout(): Layout {
  if (location.pathname === "/list") return "list";
  return placeState(history.state).layout ?? "board";
}

export function layoutPath(layout: Layout, query: string): string {
  return withQuery(layout === "list" ? "/list" : "/", query);
}

/** Where a filter is shown: in the layout that is used now. */
export function workPath(query: string): string {
  return layoutPath(currentLayout(), query);
}

export function issuePath(ref: string, query = ""): string {
  return withQuery(`/issues/${encodeURIComponent(ref)}`, query);
}

/** Whether an address shows the board or the list, or an issue of them. */
export function isWorkPath(path: string): boolean {
  return path === "/" || path === "/list" || path.startsWith("/issues/");
}

/** Where an agent is shown. */
export function agentPath(id: string): string {
  return `/agents/${encodeURIComponent(id)}`;
}

/** The ref, or address, of the issue that a path shows; null for other paths. */
export function issueInPath(path: string): string | null {
  const written = /^\/issues\/([^/]+)\/?$/.exec(path)?.[1];
  return written === undefined ? null : decodePercent(written);
}

/** Shows a filter. */
export function goToWork(query: string, options: { replace?: boolean } = {}): void {
  navigate(workPath(query), options);
}

/** Opens an issue over the board or list. `replace` for a step to its neighbour. */
export function openIssue(ref: string, query: string, options: { replace?: boolean; back?: boolean } = {}): void {
  const before = placeState(history.state);
  const back = options.replace ? before.back === true : options.back !== false;
  const state: PlaceState = { over: true, back, layout: currentLayout() };
  navigate(issuePath(ref, query), { replace: options.replace ?? false, state });
}

/** Closes the issue; the board or list is where it was. */
export function closeIssue(query: string): void {
  if (placeState(history.state).back) history.back();
  else goToWork(query);
}
