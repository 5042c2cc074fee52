import type { OperationMark } from "../../tracker.ts";
import { placeLines } from "./place-lines.ts";
import { readMark, shieldMarks, unshieldMarks, withMark } from "../marker.ts";
import { shieldCommands, unshieldCommands } from "./shield-commands.ts";
import { withFullUploads, withOwnUploads } from "../uploads.ts";

/** Where a text lies: uploads are written relative to their project. */
export type TextPlace = {
  /** The address of GitLab's pages. */
  readonly web: string;
  readonly projectId: number | string | null;
};

/** A text as it is sent: without quick actions, with its own project's uploads as GitLab's editor writes them, and with the mark of the operation that makes it. */
export function toNativeText(text: string, place: TextPlace, mark: Pick<OperationMark, "id"> | null): string {
  const plain = trimmed(text);
  const own = place.projectId === null ? plain : withOwnUploads(plain, place.web, place.projectId);
  const shielded = shieldCommands(shieldMarks(own));
  return mark === null ? shielded : withMark(shielded, mark, placeLines(shielded).isOpen ? "first" : "last");
}

/** A text as people see it, and the operation that made it. */
export function readNativeText(
  text: string,
  place: TextPlace,
): { readonly text: string; readonly mark: string | null } {
  const marked = readMark(text);
  const plain = unshieldMarks(unshieldCommands(marked.text));
  return {
    text: place.projectId === null ? plain : withFullUploads(plain, place.web, place.projectId),
    mark: marked.mark,
  };
}

/** Whether two texts are the same to GitLab: it keeps neither carriage returns nor the space at the end, and knows a project's uploads by two addresses. */
export function isSameText(one: string, other: string, web: string): boolean {
  return one === other || canonical(one, web) === canonical(other, web);
}

function canonical(text: string, web: string): string {
  return trimmed(text).replaceAll(new RegExp(`${escaped(web)}/-/project/\\d+(?=/uploads/)`, "g"), "");
}

function trimmed(text: string): string {
  // PostgreSQL has no NUL in texts: GitLab refuses them.
  return text
    .replaceAll("\u0000", "")
    .replaceAll(/\r\n?/g, "\n")
    .replace(/[\t\n\v\f ]+$/, "");
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
