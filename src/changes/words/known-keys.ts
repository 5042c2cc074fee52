import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import { shorten } from "./unknown-word.ts";

/** Refuses a value that is not an object or has unknown keys: a silently ignored change would look done. */
export function requireKnownKeys(written: unknown, known: readonly string[], noun: string): void {
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    throw new PanopticonError("invalid_input", `The ${noun} is not an object.`);
  }
  const unknown = Object.keys(written).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const nearest = nearestWord(unknown, known);
  throw new PanopticonError("invalid_input", `A ${noun} has no “${shorten(unknown)}”.`, {
    hint: nearest === undefined ? `Available: ${known.join(", ")}.` : `Did you mean “${nearest}”?`,
    candidates: nearest === undefined ? known : [nearest],
  });
}
