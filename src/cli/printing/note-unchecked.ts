import type { UncheckedSource } from "../../domain/source.ts";
import type { Output } from "./output.ts";
import { plainLine } from "./plain-text.ts";

/** Prints which new sources could not be checked, and why. */
export function noteUnchecked(out: Output, unchecked: readonly UncheckedSource[]): void {
  for (const { source, reason } of unchecked) out.note(plainLine(`Not checked: ${source}. ${reason}`));
}
