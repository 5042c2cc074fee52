import { foldedWords } from "./fold-text.ts";

/** Words in a row; with `prefix` the last one may go on. */
export type Phrase = { readonly words: readonly string[]; readonly prefix: boolean };

/** All phrases must be found. `text` is what was typed. */
export type Match = { readonly phrases: readonly Phrase[]; readonly text: string };

const maxPhrases = 24;
const maxWords = 24;

/**
 * Reads what was typed into the search box: every word as a prefix, `"quoted words"` exactly and in a row, refs such as
 * `MIN-123` or `panopticon#45` as their parts in a row. Never throws; null when there is nothing to look for.
 */
export function parseQuery(text: string): Match | null {
  const phrases: Phrase[] = [];
  for (const [, quoted, bare] of text.matchAll(/"([^"]*)"|([^\s"]+)/gu)) {
    const words = foldedWords(quoted ?? bare ?? "").slice(0, maxWords);
    if (words.length === 0) continue;
    phrases.push({ words, prefix: quoted === undefined });
    if (phrases.length === maxPhrases) break;
  }
  return phrases.length === 0 ? null : { phrases, text: text.trim() };
}
