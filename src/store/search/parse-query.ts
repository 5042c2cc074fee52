import { foldedWords } from "./fold-text.ts";

/** Consecutive words; with `prefix` the last one is a prefix. */
export type Phrase = { readonly words: readonly string[]; readonly prefix: boolean };

/** All phrases must match. `text` is the query as typed. */
export type Match = { readonly phrases: readonly Phrase[]; readonly text: string };

const maxPhrases = 24;
const maxWords = 24;

/**
 * Parses a search query: every word as a prefix, `"quoted words"` as an exact phrase, refs such as `MIN-123` or `panopticon#45` as the phrase of their parts.
 * Never throws; null if there is nothing to search for.
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
