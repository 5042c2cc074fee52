/**
 * What a line of Markdown belongs to, as far as it affects how a leading slash is read. `text`: a plain paragraph, where `\/` is a slash. `kept`: a fenced
 * block whose lines no version of GitLab changes. `other`: HTML, code, and anything that is not clearly one of the other two.
 */
export type Place = "text" | "other" | "kept";

export type PlacedLine = { readonly line: string; readonly place: Place };

const fence = /^( {0,3})(`{3,}|~{3,})([^\n]*)$/;

/** GitLab's own constructs that may end before a fence inside them: front matter, quoted blocks, formulas. */
const unusual = /^(?:---|\+\+\+|;;;|>>>|\$\$)/m;

/** A fence inside a list or quote ends with it. */
const nested = /^(?:\s+|\s*(?:[-*+>]|\d{1,9}[.)])\s.*)(?:`{3}|~{3})/;

/** Classifies the lines of a text, and tells whether a fence may still be open at its end. */
export function placeLines(text: string): { readonly lines: readonly PlacedLine[]; readonly isOpen: boolean } {
  const source = text.split("\n");
  const isUsual = !unusual.test(text);
  let isClear = true;
  const lines: PlacedLine[] = [];
  let open: { readonly sign: string; readonly place: Place } | null = null;
  /** What ends the HTML block that contains the line; null outside HTML. */
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

/** A line of spaces does not end an HTML block here, because not every parser ends it there. */
const nothing = /^$/;

/** The start and end of each kind of HTML block. https://spec.commonmark.org/0.31.2/#html-blocks */
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

/** A line that is a single tag; it cannot interrupt a paragraph. */
const loneTag = /^ {0,3}<(?:\/[a-z][\w-]*\s*|[a-z][\w-]*(?:\s[^<>]*)?\/?)>\s*$/i;

function endOfHtml(line: string, isInParagraph: boolean): RegExp | null {
  const block = htmlBlocks.find(([start]) => start.test(line));
  if (block !== undefined) return block[1];
  return !isInParagraph && loneTag.test(line) ? nothing : null;
}

/** In a paragraph with a backtick, any line may be inside a code span. */
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
