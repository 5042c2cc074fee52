import type { Status } from "../../../src/domain/status.ts";
import type { IconName } from "../ui/icon.tsx";

/** A command of the palette. */
export type Command = {
  readonly id: string;
  readonly label: string;
  readonly more?: string;
  /** Synonyms to search, not shown. */
  readonly also?: string;
  readonly icon: IconName;
  /** The status whose icon replaces `icon`. */
  readonly status?: Status;
  /** The shortcut for the command. */
  readonly key?: string;
  readonly run: () => void;
};

/** Whether each typed word starts a word of the command: `sync now` finds “Sync all now”. */
export function hasWords(
  { label, more = "", also = "" }: Pick<Command, "label" | "more" | "also">,
  typed: string,
): boolean {
  const words = `${label} ${more} ${also}`.toLowerCase().split(/[^\p{L}\p{N}#!]+/u);
  const text = typed.trim().toLowerCase();
  return (
    text.split(/\s+/).every((word) => words.some((one) => one.startsWith(word))) || label.toLowerCase().includes(text)
  );
}
