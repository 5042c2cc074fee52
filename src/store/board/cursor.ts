import { PanopticonError } from "../../domain/error.ts";
import type { IssueFilter, Sort } from "../../domain/filter.ts";
import type { Order, Place } from "./sort-order.ts";

/** Encodes the end of a window: the last issue's place, and a fingerprint of its filter and sort. */
export function writeCursor(order: Order, print: string, last: Place): string {
  return Buffer.from(JSON.stringify([print, ...order.columns.map((column) => last[column] ?? 0)])).toString(
    "base64url",
  );
}

/** Decodes the place after which the next window starts. Throws `invalid_input` for a cursor of another filter or sort. */
export function readCursor(order: Order, print: string, cursor: string): readonly number[] {
  const parts = decode(cursor);
  const place = parts?.slice(1);
  if (
    parts?.[0] === print &&
    place?.length === order.columns.length &&
    place.every((part) => typeof part === "number")
  ) {
    return place;
  }
  throw new PanopticonError("invalid_input", "This cursor does not belong to this list.", {
    hint: "Use it with the same filter and sort as the response it came from, or omit it to start from the top.",
  });
}

function decode(cursor: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** A short fingerprint of filter and sort; ignores the order of values and empty parts. */
export function printOf(filter: IssueFilter, sort: Sort): string {
  const parts: unknown[] = [sort.key, sort.reverse];
  for (const [key, value] of Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) continue;
    parts.push(key, Array.isArray(value) ? [...new Set(value.map(String))].sort() : value);
  }
  return hash(JSON.stringify(parts));
}

/** FNV-1a over UTF-16 units: enough to detect a mistake. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index += 1) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return value.toString(36);
}
