import type { FindRefs, RefReading, ParsedRef } from "../domain/mention.ts";
import { proseOf } from "./prose.ts";
import type { RefReader } from "./tracker.ts";

/** What refs are made of. */
const word = 1;
/** What addresses are made of. */
const address = 2;

/** What each ASCII sign is part of; others are part of addresses only. */
const parts = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return (/[\w./#!-]/.test(sign) ? word : 0) | (code < 0x20 || /[\s<>"'`()[\]{}|\\^]/.test(sign) ? 0 : address);
});

/** Begins where nothing that a ref could go on to the left with stands before it: an e-mail, a path, an entity, a flag, another script's letters. */
const goesOn = /[\p{L}\p{N}@&/.$%\\~-]$/u;

/** No ref and no issue's address is longer. */
const longest = 2_000;

/** Reads texts for the issues they name, by every tracker's own rules. Takes time in proportion to the text's length. */
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

/** The words and addresses with a number in them, without the punctuation around. Every ref has a number, and few words have. */
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
    // A number alone is none.
    if (written.length > longest || !/[^\d.]/.test(written)) continue;
    if (!goesOn.test(prose.slice(Math.max(0, from - 2), from))) yield written;
  }
}

/** The first place of the run of such signs that ends before `index`; not before `least`. */
function back(text: string, index: number, least: number, part: number): number {
  let at = index;
  while (at > least && isPart(text, at - 1, part)) at -= 1;
  return at;
}

/** The first place behind `index` where such a run ends. */
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

/** `#45`: means something inside its own source only. */
function isShort(read: ParsedRef): boolean {
  const isNamed = read.prefix !== null || read.sourceKey !== null || read.host !== null || read.nativeId !== undefined;
  return !isNamed && !/^[\p{L}\p{N}]/u.test(read.key);
}

function withoutEnd(word: string, punctuation: string): string {
  let end = word.length;
  while (end > 0 && punctuation.includes(word[end - 1] ?? "")) end -= 1;
  return word.slice(0, end);
}
