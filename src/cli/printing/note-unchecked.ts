import type { UncheckedSource } from "../../domain/source.ts";
import type { Output } from "./output.ts";
import { plainLine } from "./plain-text.ts";

/** Says which new sources nobody looked for, and why. */
export function noteUnchecked(out: Output, unchecked: readonly UncheckedSource[]): void {
  for (const { source, reason } of unchecked) out.note(plainLine(`Not checked: ${source}. ${reason}`));
}
