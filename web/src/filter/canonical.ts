import { formatQuery, parseQuery } from "./board-query.ts";

/** A filter in its one spelling, to compare views with. */
export function canonical(search: string): string {
  return formatQuery(parseQuery(search).query);
}

/** The filter of the page that is shown; empty on pages that have none. */
export function currentSearch(): string {
  return /^\/(?:list$|issues\/|$)/.test(location.pathname) ? canonical(location.search) : "";
}
