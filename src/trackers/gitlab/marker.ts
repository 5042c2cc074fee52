import type { OperationMark } from "../tracker.ts";

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const ownLine = new RegExp(`^<!-- panopticon:(${uuid}) -->$`, "im");
const written = new RegExp(`<!--( +)panopticon:(?=${uuid} -->)`, "gi");

export type MarkedText = { readonly text: string; readonly mark: string | null };

/**
 * GitLab has no idempotency key. Whatever Panopticon creates carries the operation's id in an HTML comment, which GitLab keeps and does not show. It comes
 * last, where previews and messages that show the source do not reach; `first` if the text leaves something open that would swallow it.
 */
export function withMark(text: string, mark: Pick<OperationMark, "id">, place: "first" | "last"): string {
  const comment = `<!-- panopticon:${mark.id.toLowerCase()} -->`;
  if (text === "") return comment;
  return place === "first" ? `${comment}\n\n${text}` : `${text}\n\n${comment}`;
}

/** The text without the operation's mark, wherever users moved it, and the mark; null if it was not created by Panopticon. */
export function readMark(text: string): MarkedText {
  const found = ownLine.exec(text);
  if (found === null) return { text, mark: null };
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  const left = before === "" ? after.replace(/^\n{1,2}/, "") : before.replace(/\n{1,2}$/, "") + after;
  return { text: left, mark: found[1]?.toLowerCase() ?? null };
}

/** Prevents a user's own text from being read as a mark, by adding a space to every such comment. */
export function shieldMarks(text: string): string {
  return text.replace(written, (_, spaces: string) => `<!--${spaces} panopticon:`);
}

export function unshieldMarks(text: string): string {
  return text.replace(written, (match, spaces: string) =>
    spaces === " " ? match : `<!--${spaces.slice(1)}panopticon:`,
  );
}
