import type { FindRefs, RefReading, ParsedRef } from "../domain/mention.ts";
import { proseOf } from "./prose.ts";
import type { RefReader } from "./tracker.ts";

/** Characters of refs. */
const word = 1;
/** Characters of URLs. */
const address = 2;

/** What each ASCII character can be part of; other characters are only part of URLs. */
const parts = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return (/[\w./#!-]/.test(sign) ? word : 0) | (code < 0x20 || /[\s<>"'`()[\]{}|\\^]/.test(sign) ? 0 : address);
});

/** Text before a match that rules out a ref: it continues an e-mail address, a path, an entity, a flag, or a word in another script. */
const goesOn = /[\p{L}\p{N}@&/.$%\\~-]$/u;

/** No ref or issue URL is longer. */
const longest = 2_000;

/** Finds the issues that a text mentions, by every tracker's own rules. Takes time linear in the text's length. */
export function createFindRefs(
  trackers: readonly { readonly id: string; readonly refs: Pick<RefReader, "parse" | "inText"> }[],
): FindRefs {
  return (text, own) => {
    const mentions = new Map<string, readonly RefReading[]>();
    for (const written of numbered(proseOf(text))) {
      if (mentions.has(written)) continue;
      const readings = trackers.flatMap(({ id, refs }): readonly RefReading[] => {
        const read = refs.inText === undefined ? refs.parse(written) : refs.inText(written, id === own);
        return read === null || (id !== own && isShort(read)) ? [] : [{ ...read, tracker: id }];
      });
      mentions.set(written, readings);
    }
    return [...mentions].flatMap(([written, readings]) => (readings.length === 0 ? [] : [{ written, readings }]));
  };
}

/** The words and URLs that contain a digit, without surrounding punctuation. Every ref has a digit; few words do. */
function* numbered(prose: string): Iterable<string> {
  let done = 0;
  for (const { index } of prose.matchAll(/\d+/g)) {
    if (index < done) continue;
    const start = back(prose, index, done, address);
    const scheme = index - start < 8 ? -1 : prose.slice(start, index).search(/https?:\/\//i);
    if (scheme >= 0) {
      done = ahead(prose, index, address);
      const from = start + scheme;
      if (done - from <= longest) yield withoutEnd(prose.slice(from, done), ".,;:!?*_~");
      continue;
    }
    let from = back(prose, index, Math.max(done, start), word);
    done = ahead(prose, index, word);
    while (from < index && "./-".includes(prose[from] ?? "")) from += 1;
    const written = withoutEnd(prose.slice(from, done), "./#!-_");
    // A bare number is not a ref.
    if (written.length > longest || !/[^\d.]/.test(written)) continue;
    if (!goesOn.test(prose.slice(Math.max(0, from - 2), from))) yield written;
  }
}

/** The start of the run of such characters that ends at `index`; not before `least`. */
function back(text: string, index: number, least: number, part: number): number {
  let at = index;
  while (at > least && isPart(text, at - 1, part)) at -= 1;
  return at;
}

/** The end of the run of such characters that starts at `index`. */
function ahead(text: string, index: number, part: number): number {
  let at = index;
  while (at < text.length && isPart(text, at, part)) at += 1;
  return at;
}

function isPart(text: string, at: number, part: number): boolean {
  const code = text.charCodeAt(at);
  const own = parts[code] ?? (/\s/.test(text[at] ?? "") ? 0 : address);
  return (own & part) !== 0;
}

/** `#45`, which has a meaning only inside its own source. */
function isShort(read: ParsedRef): boolean {
  const isNamed = read.prefix !== null || read.sourceKey !== null || read.host !== null || read.nativeId !== undefined;
  return !isNamed && !/^[\p{L}\p{N}]/u.test(read.key);
}

function withoutEnd(word: string, punctuation: string): string {
  let end = word.length;
  while (end > 0 && punctuation.includes(word[end - 1] ?? "")) end -= 1;
  return word.slice(0, end);
}
