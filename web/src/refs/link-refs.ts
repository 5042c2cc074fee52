import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";

/** What a text's words may refer to. */
export type KnownRefs = {
  /** The addresses of mirrored issues, by what texts call them in lower case. */
  readonly issues: ReadonlyMap<string, string>;
  /** Short forms of what is not mirrored. */
  readonly others: IssueDetailShape["shortForms"];
};

/** The attribute of a link that holds its issue's address. */
export const refAttribute = "data-issue";

/** A run of the characters of refs up to its last number. Takes time linear in the text's length. */
const words = /(?<![\p{L}\p{N}_/#!.&-])[\p{L}\p{N}_./#!-]*\d(?![\p{L}\p{N}_-])/gu;

/** No ref is longer; a longer word is not taken apart. */
const longest = 300;

/** The ref that a word starts with, the longest one first: `app#1.5` may be `app#1`. */
function* startsOf(word: string): Iterable<string> {
  if (word.length > longest) return;
  yield word;
  for (let end = word.length - 1; end > 0; end -= 1) {
    if (/\d/.test(word[end - 1] ?? "") && /[./#!]/.test(word[end] ?? "")) yield word.slice(0, end);
  }
}

/** Turns refs in sanitised HTML into links, to issues here or to the tracker, except inside links and code. */
export function linkRefs(root: DocumentFragment, refs: KnownRefs, pathOf: (address: string) => string): void {
  if (refs.issues.size === 0 && refs.others.length === 0) return;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node instanceof Text && node.parentElement?.closest("a, code, pre, kbd, samp") == null) found.push(node);
  }
  for (const node of found) {
    const parts: Node[] = [];
    let end = 0;
    for (const match of node.data.matchAll(words)) {
      const link = linkOf(match[0], refs, pathOf);
      if (link === null) continue;
      parts.push(document.createTextNode(node.data.slice(end, match.index)), link);
      end = match.index + (link.textContent ?? "").length;
    }
    if (parts.length > 0) node.replaceWith(...parts, document.createTextNode(node.data.slice(end)));
  }
}

function linkOf(word: string, refs: KnownRefs, pathOf: (address: string) => string): HTMLAnchorElement | null {
  for (const written of startsOf(word)) {
    const address = refs.issues.get(written.toLowerCase());
    const url = address === undefined ? urlOf(written, refs) : pathOf(address);
    if (url === null) continue;
    const link = document.createElement("a");
    link.className = "ref-link";
    link.href = url;
    link.textContent = written;
    if (address !== undefined) link.setAttribute(refAttribute, address);
    else {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
    return link;
  }
  return null;
}

/** Where the tracker shows what is not mirrored; null if the word is no short form. */
function urlOf(written: string, { others }: KnownRefs): string | null {
  const number = /[1-9]\d*$/.exec(written)?.[0] ?? "";
  const prefix = written.slice(0, written.length - number.length);
  const form = number === "" ? undefined : others.find((other) => other.prefix === prefix);
  if (form === undefined || !/^https?:/.test(form.url)) return null;
  return form.upTo === null || Number(number) <= form.upTo ? form.url + number : null;
}
