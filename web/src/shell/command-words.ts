import type { Status } from "../../../src/domain/status.ts";
import type { IconName } from "../ui/icon.tsx";

/** Something that can be done from the palette. */
export type Command = {
  readonly id: string;
  readonly label: string;
  readonly more?: string;
  /** What else people call it; looked through, and not shown. */
  readonly also?: string;
  readonly icon: IconName;
  /** Its sign stands in the icon's place. */
  readonly status?: Status;
  /** The key that does the same without the palette. */
  readonly key?: string;
  readonly run: () => void;
};

/** Whether each typed word begins one of the command's: `sync now` finds “Sync all now”. */
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
