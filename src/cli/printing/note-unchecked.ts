import { namePlaces } from "../../config/name-places.ts";
import type { UncheckedSource } from "../../domain/source.ts";
import type { Context } from "../context.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";

/** Prints which new sources could not be checked, and why; then what to do about it, once for all that need the same. */
export function noteUnchecked({ out, paths }: Pick<Context, "out" | "paths">, unchecked: readonly UncheckedSource[]) {
  for (const [hint, alike] of Map.groupBy(unchecked, (one) => one.hint)) {
    for (const { source, reason } of alike) out.note(plainLine(`Not checked: ${source}. ${reason}`));
    if (hint !== undefined) out.note(plainText(namePlaces(hint, paths)));
  }
}
