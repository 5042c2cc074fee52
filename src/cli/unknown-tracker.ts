import { PanopticonError } from "../domain/error.ts";
import { nearestWord } from "../domain/nearest-word.ts";

/** The error for a word that is neither a tracker nor a connection; `known`: the existing ones. */
export function unknownTracker(written: string, known: readonly string[]): PanopticonError {
  const near = nearestWord(written, known);
  return new PanopticonError("not_found", `There is no tracker or connection called “${written}”.`, {
    hint: near === undefined ? `Available: ${known.join(", ")}.` : `Did you mean “${near}”?`,
    candidates: near === undefined ? known : [near],
  });
}
