import { navigate } from "wouter/use-browser-location";
import { decodePercent } from "../../src/domain/decode-percent.ts";

/** The layouts of the issue overview. */
export type Layout = "board" | "list";

/** State of a history entry: whether an issue is open over the board or list, and whether Back closes it. */
export type PlaceState = { readonly over?: boolean; readonly back?: boolean; readonly layout?: Layout };

export function placeState(state: unknown): PlaceState {
  return typeof state === "object" && state !== null ? state : {};
}

function withQuery(path: string, query: string): string {
  return query === "" ? path : `${path}?${query}`;
}

/** The layout of the current page, or of the page below the open issue. */
export function currentLayout(): Layout {
  if (location.pathname === "/list") return "list";
  return placeState(history.state).layout ?? "board";
}

export function layoutPath(layout: Layout, query: string): string {
  return withQuery(layout === "list" ? "/list" : "/", query);
}

/** The path of a filter in the current layout. */
export function workPath(query: string): string {
  return layoutPath(currentLayout(), query);
}

export function issuePath(ref: string, query = ""): string {
  return withQuery(`/issues/${encodeURIComponent(ref)}`, query);
}

/** Whether a path is the board, the list, or an issue. */
export function isWorkPath(path: string): boolean {
  return path === "/" || path === "/list" || path.startsWith("/issues/");
}

/** The path of an agent. */
export function agentPath(id: string): string {
  return `/agents/${encodeURIComponent(id)}`;
}

/** The ref or address of the issue in a path; null for other paths. */
export function issueInPath(path: string): string | null {
  const written = /^\/issues\/([^/]+)\/?$/.exec(path)?.[1];
  return written === undefined ? null : decodePercent(written);
}

/** Navigates to a filter. */
export function goToWork(query: string, options: { replace?: boolean } = {}): void {
  navigate(workPath(query), options);
}

/** Opens an issue over the board or list. `replace`: a step to a neighbour. */
export function openIssue(ref: string, query: string, options: { replace?: boolean; back?: boolean } = {}): void {
  const before = placeState(history.state);
  const back = options.replace ? before.back === true : options.back !== false;
  const state: PlaceState = { over: true, back, layout: currentLayout() };
  navigate(issuePath(ref, query), { replace: options.replace ?? false, state });
}

/** Closes the issue, revealing the board or list. */
export function closeIssue(query: string): void {
  if (placeState(history.state).back) history.back();
  else goToWork(query);
}
