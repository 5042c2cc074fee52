import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import { nearestWord } from "../../domain/nearest-word.ts";

const maxListed = 20;

/** The `invalid_input` error for an unknown word, with the nearest known one, or all if there are few. `where` completes “There is no label “x” in …”. */
export function unknownWord(
  noun: string,
  written: string,
  known: readonly string[],
  where: string,
  hint?: string,
): PanopticonError {
  // `High` and `high` are the same word to the user.
  const byName = new Map<string, string>();
  for (const word of known) if (!byName.has(foldName(word))) byName.set(foldName(word), word);
  const words = [...byName.values()];
  const nearest = nearestWord(written, words);
  const listed = words.length > 0 && words.length <= maxListed ? `Available: ${words.join(", ")}.` : undefined;
  return new PanopticonError("invalid_input", `There is no ${noun} “${shorten(written)}” in ${where}.`, {
    hint: nearest === undefined ? (hint ?? listed) : `Did you mean “${nearest}”?`,
    candidates: nearest === undefined ? words.slice(0, maxListed) : [nearest],
  });
}

/** Finds the one thing with this name: by exact name, else folded, else by id. Throws `invalid_input` for an ambiguous name. */
export function findByName<Thing extends { readonly id: string; readonly name: string }>(
  noun: string,
  written: string,
  things: readonly Thing[],
): Thing | undefined {
  const exact = things.filter(({ name }) => name === written);
  const folded = exact.length > 0 ? exact : things.filter(({ name }) => foldName(name) === foldName(written));
  const found = folded.length > 0 ? folded : things.filter(({ id }) => id === written);
  if (found.length < 2) return found[0];
  throw new PanopticonError("invalid_input", `“${shorten(written)}” is the name of ${found.length} ${noun}s.`, {
    hint: "Use the id of the one you mean.",
    candidates: found.map(({ id }) => id),
  });
}

/** Shortens a written word for a message. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
