import type { OperationMark } from "../../tracker.ts";
import { placeLines } from "./place-lines.ts";
import { readMark, shieldMarks, unshieldMarks, withMark } from "../marker.ts";
import { shieldCommands, unshieldCommands } from "./shield-commands.ts";
import { withFullUploads, withOwnUploads } from "../uploads.ts";

/** The project of a text: uploads are written relative to it. */
export type TextPlace = {
  /** The base URL of GitLab's website. */
  readonly web: string;
  readonly projectId: number | string | null;
};

/**
 * The text to send: without quick actions, with the project's own uploads as GitLab's editor writes them, and with the mark of the operation that creates it.
 */
export function toNativeText(text: string, place: TextPlace, mark: Pick<OperationMark, "id"> | null): string {
  const plain = trimmed(text);
  const own = place.projectId === null ? plain : withOwnUploads(plain, place.web, place.projectId);
  const shielded = shieldCommands(shieldMarks(own));
  return mark === null ? shielded : withMark(shielded, mark, placeLines(shielded).isOpen ? "first" : "last");
}

/** The text as users see it, and the operation that created it. */
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

/** Whether GitLab considers two texts the same: it drops carriage returns and trailing whitespace, and a project's uploads have two URLs. */
export function isSameText(one: string, other: string, web: string): boolean {
  return one === other || canonical(one, web) === canonical(other, web);
}

function canonical(text: string, web: string): string {
  return trimmed(text).replaceAll(new RegExp(`${escaped(web)}/-/project/\\d+(?=/uploads/)`, "g"), "");
}

function trimmed(text: string): string {
  // PostgreSQL texts cannot contain NUL, so GitLab refuses them.
  return text
    .replaceAll("\u0000", "")
    .replaceAll(/\r\n?/g, "\n")
    .replace(/[\t\n\v\f ]+$/, "");
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
