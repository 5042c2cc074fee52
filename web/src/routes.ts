import { navigate } from "wouter/use-browser-location";

/** What the history keeps with an address: whether an issue was opened from the board below it, and whether Back leads there. */
export type PlaceState = { readonly over?: boolean; readonly back?: boolean };

export function placeState(state: unknown): PlaceState {
  return typeof state === "object" && state !== null ? state : {};
}

function withQuery(path: string, query: string): string {
  return query === "" ? path : `${path}?${query}`;
}

export function boardPath(query: string): string {
  return withQuery("/", query);
}

export function issuePath(ref: string, query = ""): string {
  return withQuery(`/issues/${encodeURIComponent(ref)}`, query);
}

/** The ref, or address, of the issue that a path shows; null for other paths. */
export function issueInPath(path: string): string | null {
  const written = /^\/issues\/([^/]+)\/?$/.exec(path)?.[1];
  if (written === undefined) return null;
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

export function goToBoard(query: string, options: { replace?: boolean } = {}): void {
  navigate(boardPath(query), options);
}

/** Opens an issue over the board. `replace` for a step to its neighbour. */
export function openIssue(ref: string, query: string, options: { replace?: boolean; back?: boolean } = {}): void {
  const before = placeState(history.state);
  const state: PlaceState = { over: true, back: options.replace ? before.back === true : options.back !== false };
  navigate(issuePath(ref, query), { replace: options.replace ?? false, state });
}

/** Closes the issue; the board is where it was. */
export function closeIssue(query: string): void {
  if (placeState(history.state).back) history.back();
  else goToBoard(query);
}
