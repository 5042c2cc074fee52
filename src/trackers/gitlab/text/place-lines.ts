/**
 * What a line of markdown belongs to, as far as it matters for how a slash at its beginning is read: `text` is a plain paragraph, where `\/` is a slash; `kept` a fenced
 * block whose lines every version of GitLab leaves alone; `other` is HTML, code, and whatever is not clearly one of the first two.
 */
export type Place = "text" | "other" | "kept";

export type PlacedLine = { readonly line: string; readonly place: Place };

const fence = /^( {0,3})(`{3,}|~{3,})([^\n]*)$/;

/** Constructs of GitLab's own that may end before a fence inside them does: front matter, quoted blocks, formulas. */
const unusual = /^(?:---|\+\+\+|;;;|>>>|\$\$)/m;

/** A fence inside a list or a quotation ends with that. */
const nested = /^(?:\s+|\s*(?:[-*+>]|\d{1,9}[.)])\s.*)(?:`{3}|~{3})/;

/** The lines of a text with what each belongs to, and whether a fence may still be open at its end. */
export function placeLines(text: string): { readonly lines: readonly PlacedLine[]; readonly isOpen: boolean } {
  const source = text.split("\n");
  const isUsual = !unusual.test(text);
  let isClear = true;
  const lines: PlacedLine[] = [];
  let open: { readonly sign: string; readonly place: Place } | null = null;
  /** What ends the HTML that a line lies in; null: it lies in none. */
  let html: RegExp | null = null;
  source.forEach((line, index) => {
    isClear &&= !nested.test(line);
    if (open !== null) {
      lines.push({ line, place: open.place });
      if (isEnd(line, open.sign)) open = null;
      return;
    }
    const start = html === null ? fence.exec(line) : null;
    const sign = start?.[2] ?? "";
    if (sign !== "" && !(sign.startsWith("`") && start?.[3]?.includes("`") === true)) {
      const isPlain = isUsual && sign === "```" && start?.[1] === "" && source.indexOf("```", index + 1) !== -1;
      open = { sign, place: isPlain && isClear ? "kept" : "other" };
      lines.push({ line, place: open.place });
      return;
    }
    const before = lines.at(-1);
    html ??= endOfHtml(line, before?.place === "text" && !empty.test(before.line));
    lines.push({ line, place: html === null && isClear ? "text" : "other" });
    if (html?.test(line)) html = null;
  });
  return { lines: markSpans(lines), isOpen: open !== null || !isClear };
}

function isEnd(line: string, sign: string): boolean {
  const end = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] ?? "";
  return end.length >= sign.length && end.startsWith(sign);
}

const empty = /^\s*$/;

/** HTML is taken to go on over a line of spaces: not every reader ends it there. */
const nothing = /^$/;

/** Where HTML ends that begins with such a line. https://spec.commonmark.org/0.31.2/#html-blocks */
const htmlBlocks: readonly (readonly [start: RegExp, end: RegExp])[] = [
  [/^ {0,3}<(?:pre|script|style|textarea)(?=[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<![a-z]/i, />/],
  [
    /^ {0,3}<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s>]|\/>|$)/i,
    nothing,
  ],
];

/** A line that is nothing but one tag; it does not break into a paragraph. */
const loneTag = /^ {0,3}<(?:\/[a-z][\w-]*\s*|[a-z][\w-]*(?:\s[^<>]*)?\/?)>\s*$/i;

function endOfHtml(line: string, isInParagraph: boolean): RegExp | null {
  const block = htmlBlocks.find(([start]) => start.test(line));
  if (block !== undefined) return block[1];
  return !isInParagraph && loneTag.test(line) ? nothing : null;
}

/** In a paragraph with a backtick any line may lie inside a span of code. */
function markSpans(lines: readonly PlacedLine[]): readonly PlacedLine[] {
  const isText = (index: number) => lines[index]?.place === "text" && !empty.test(lines[index].line);
  const marked = [...lines];
  for (let start = 0; start < lines.length; start++) {
    if (!isText(start)) continue;
    let end = start;
    while (isText(end)) end++;
    if (lines.slice(start, end).some(({ line }) => line.includes("`"))) {
      for (let index = start; index < end; index++) marked[index] = { line: lines[index]?.line ?? "", place: "other" };
    }
    start = end;
  }
  return marked;
}
