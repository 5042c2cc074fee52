import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import { nearestWord } from "../../domain/nearest-word.ts";

const maxListed = 20;

/** A word that nothing is called: `invalid_input` with the nearest one, or all where they are few. `where` completes “There is no label “x” in …”. */
export function unknownWord(
  noun: string,
  written: string,
  known: readonly string[],
  where: string,
  hint?: string,
): PanopticonError {
  // `High` beside `high` is the same word to whoever writes it.
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

/** The one thing of that name: exactly, else folded, else by its id. Throws `invalid_input` for a name that several have. */
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

/** A written word as a message repeats it. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
