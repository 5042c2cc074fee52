import type { OperationMark } from "./tracker.ts";

/**
 * For trackers that have no idempotency key and keep Markdown unchanged (GitHub): whatever Panopticon creates carries the operation's id in an invisible HTML
 * comment. The comment comes first, because after the text it could fall into a code block that the text left open.
 */
const marker = /<!-- panopticon:([0-9a-f-]{36}) -->\r?\n?/i;

/** The text to send, with the mark. */
export function withMarker(body: string, mark: Pick<OperationMark, "id">): string {
  return `<!-- panopticon:${mark.id} -->\n${body}`;
}

/** The text without the mark, and the id of the operation that created it; null if it was not created by Panopticon. */
export function readMarker(body: string): { readonly body: string; readonly id: string | null } {
  const found = marker.exec(body);
  if (found === null) return { body, id: null };
  return { body: body.replace(found[0], ""), id: found[1]?.toLowerCase() ?? null };
}
