import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Page } from "./params.ts";
import { jsonReply } from "./replies.ts";

/** Longer lists are not counted: no `X-Total`, no `X-Total-Pages`, no link to the last page. */
export const maxCounted = 10_000;

/** A list's address, for its links. */
export type ListAddress = {
  /** Without the query. */
  readonly url: string;
  readonly request: WireRequest;
  /** Parameters that GitLab adds to its links because they have defaults, and the `:id` of the path. */
  readonly defaults?: Readonly<Record<string, string>>;
};

function linkTo({ url, request, defaults }: ListAddress, rel: string, changes: Readonly<Record<string, string>>) {
  const query = new URLSearchParams(request.query);
  for (const [name, value] of Object.entries(defaults ?? {})) if (!query.has(name)) query.set(name, value);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  query.sort();
  return `<${url}?${query.toString()}>; rel="${rel}"`;
}

/** A page by number, with the headers of offset pagination. `items`: the page's own, `total`: the whole list's count. */
export function offsetReply(items: readonly unknown[], total: number, page: Page, address: ListAddress): WireReply {
  const isCounted = total <= maxCounted;
  const last = Math.max(1, Math.ceil(total / page.perPage));
  const to = (rel: string, number: number) =>
    linkTo(address, rel, { page: String(number), per_page: String(page.perPage) });
  const previous = page.page > 1 ? page.page - 1 : null;
  const next = page.page < last ? page.page + 1 : null;
  const links = [
    ...(previous === null ? [] : [to("prev", previous)]),
    ...(next === null ? [] : [to("next", next)]),
    to("first", 1),
    ...(isCounted ? [to("last", last)] : []),
  ];
  return jsonReply(200, items, {
    Link: links.join(", "),
    "X-Page": String(page.page),
    "X-Per-Page": String(page.perPage),
    "X-Next-Page": String(next ?? ""),
    "X-Prev-Page": String(previous ?? ""),
    ...(isCounted ? { "X-Total": String(total), "X-Total-Pages": String(last) } : {}),
  });
}

/** A page of a complete list, by number. */
export function pageOf<T>(items: readonly T[], page: Page, address: ListAddress, toWire: (item: T) => object) {
  const start = (page.page - 1) * page.perPage;
  return offsetReply(items.slice(start, start + page.perPage).map(toWire), items.length, page, address);
}

/** A page of keyset pagination: only a link to the next page, if there is one. */
export function keysetReply(
  items: readonly unknown[],
  next: Readonly<Record<string, string>> | null,
  address: ListAddress,
): WireReply {
  const cursor = next?.["cursor"];
  return jsonReply(200, items, {
    ...(next === null ? {} : { Link: linkTo(address, "next", next) }),
    ...(cursor === undefined ? {} : { "X-Next-Cursor": cursor }),
  });
}
