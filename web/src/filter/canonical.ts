import { formatQuery, parseQuery } from "./board-query.ts";

/** Normalises a filter query, so that views can be compared. */
export function canonical(search: string): string {
  return formatQuery(parseQuery(search).query);
}

/** The current page's filter; empty on pages without one. */
export function currentSearch(): string {
  return /^\/(?:list$|issues\/|$)/.test(location.pathname) ? canonical(location.search) : "";
}
