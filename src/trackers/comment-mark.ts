import type { OperationMark } from "./tracker.ts";

/**
 * For trackers without an idempotency key that keep markdown as it is sent (GitHub): what Panopticon makes carries the operation's id in an HTML comment, which
 * no reader sees. It comes first: behind the text it could fall into a code block that the text left open.
 */
const marker = /<!-- panopticon:([0-9a-f-]{36}) -->\r?\n?/i;

/** The text as it is sent. */
export function withMarker(body: string, mark: Pick<OperationMark, "id">): string {
  return `<!-- panopticon:${mark.id} -->\n${body}`;
}

/** The text as people know it, and the id of the operation that made it; null: made by others. */
export function readMarker(body: string): { readonly body: string; readonly id: string | null } {
  const found = marker.exec(body);
  if (found === null) return { body, id: null };
  return { body: body.replace(found[0], ""), id: found[1]?.toLowerCase() ?? null };
}
