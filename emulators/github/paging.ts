import type { WireReply, WireRequest } from "../server/http-server.ts";
import { docs, messageReply } from "./replies.ts";

const maxPerPage = 100;
const defaultPerPage = 30;
/** Where cursors exist, page numbers beyond this many records are rejected. */
const deepestRecord = 10_000;

export type Page = { readonly perPage: number; readonly page: number };

/** Clamps invalid values to the nearest valid one, as GitHub does. */
export function readPage(query: URLSearchParams): Page {
  const perPage = Number(query.get("per_page") ?? defaultPerPage);
  const page = Number(query.get("page") ?? 1);
  return {
    perPage: Number.isInteger(perPage) && perPage > 0 ? Math.min(perPage, maxPerPage) : defaultPerPage,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

export function refuseDeepPage({ page, perPage }: Page): WireReply | null {
  if (page === 1 || page * perPage < deepestRecord) return null;
  return messageReply(
    422,
    "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)",
    docs.issues,
  );
}

/** A `Link` value: the requested URL with some parameters changed; null removes one. */
export function linkTo(
  base: string,
  request: WireRequest,
  rel: string,
  changes: Readonly<Record<string, string | number | null>>,
): string {
  const query = new URLSearchParams(request.query);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (value !== null) query.set(name, String(value));
  }
  return `<${base}?${query.toString()}>; rel="${rel}"`;
}

/** Returns a page of a complete list, with links to its neighbours. */
export function pageOf<T>(
  items: readonly T[],
  base: string,
  request: WireRequest,
): { readonly items: readonly T[]; readonly headers: Record<string, string> } {
  const { page, perPage } = readPage(request.query);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const links: string[] = [];
  if (page > 1) links.push(linkTo(base, request, "prev", { page: page - 1 }));
  if (page < last) {
    links.push(linkTo(base, request, "next", { page: page + 1 }), linkTo(base, request, "last", { page: last }));
  }
  if (page > 1) links.push(linkTo(base, request, "first", { page: 1 }));
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    headers: links.length === 0 ? {} : { Link: links.join(", ") },
  };
}
