/** What opens a hidden part, and what closes it. */
const hiddenParts: Readonly<Record<string, RegExp>> = { "<!--": /-->/g, "<code": /<\/code>/gi, "<pre": /<\/pre>/gi };

/** What code and comments begin with; most texts contain none of it. */
const mayHide = /[`<\t]|~~~| {4}/;

/**
 * The prose of a Markdown text: without code blocks, inline code and HTML comments, with a gap in their place. Takes time linear in the text's length, whatever
 * it contains. Blocks follow CommonMark (https://spec.commonmark.org/0.31.2/#fenced-code-blocks), lists only roughly.
 */
export function proseOf(markdown: string): string {
  if (!mayHide.test(markdown)) return markdown;
  return withoutTags(withoutCodeBlocks(markdown).map(withoutInlineCode).join("\n\n"));
}

/** The paragraphs outside code blocks. */
function withoutCodeBlocks(markdown: string): string[] {
  const paragraphs: string[] = [];
  let paragraph: string[] = [];
  let fence: { readonly sign: string; readonly length: number } | null = null;
  let inList = false;
  const endParagraph = () => {
    if (paragraph.length > 0) paragraphs.push(paragraph.join("\n"));
    paragraph = [];
  };
  for (const line of markdown.split(/\r\n?|\n/)) {
    // A fence may be inside a quote or a list item.
    const inner = line.replace(/^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?/, "");
    const run = /^(`{3,}|~{3,})/.exec(inner)?.[0] ?? "";
    if (fence !== null) {
      const closes = run[0] === fence.sign && run.length >= fence.length && inner.trim() === run;
      if (closes) fence = null;
      continue;
    }
    // With a backtick in the info string it is inline code.
    if (run !== "" && !(run[0] === "`" && inner.includes("`", run.length))) {
      endParagraph();
      fence = { sign: run[0] ?? "", length: run.length };
      continue;
    }
    if (line.trim() === "") {
      endParagraph();
      continue;
    }
    const isIndented = /^(?: {4}|\t)/.test(line);
    // Indented text below a list item belongs to the item.
    if (isIndented && paragraph.length === 0 && !inList) continue;
    if (!isIndented) inList = /^\s{0,3}(?:[-*+]|\d{1,9}[.)])\s/.test(line) || (inList && /^\s/.test(line));
    paragraph.push(line);
  }
  endParagraph();
  return paragraphs;
}

/** A run of backticks opens inline code if another run of the same length follows in the paragraph. */
function withoutInlineCode(paragraph: string): string {
  if (!paragraph.includes("`")) return paragraph;
  const runs = Array.from(paragraph.matchAll(/`+/g), (match) => {
    const isEscaped = paragraph[match.index - 1] === "\\";
    const start = isEscaped ? match.index + 1 : match.index;
    return { start, end: match.index + match[0].length };
  });
  const nextOfLength = new Map<number, number>();
  const closing = runs.map((): number | undefined => undefined);
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const run = runs[index];
    if (run === undefined) continue;
    const length = run.end - run.start;
    closing[index] = nextOfLength.get(length);
    nextOfLength.set(length, index);
  }
  const parts: string[] = [];
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    const closer = closing[index];
    const end = closer === undefined ? undefined : runs[closer]?.end;
    if (run === undefined || closer === undefined || end === undefined || run.start === run.end) continue;
    parts.push(paragraph.slice(from, run.start));
    from = end;
    index = closer;
  }
  parts.push(paragraph.slice(from));
  return parts.join(" ");
}

function withoutTags(text: string): string {
  const parts: string[] = [];
  // Tags known to have no further closing tag, so that it is searched for only once.
  const unclosed = new Set<string>();
  let from = 0;
  for (const match of text.matchAll(/<!--|<code\b|<pre\b/gi)) {
    const tag = match[0].toLowerCase();
    const closing = hiddenParts[tag];
    if (match.index < from || closing === undefined || unclosed.has(tag)) continue;
    closing.lastIndex = match.index;
    const end = closing.exec(text);
    if (end === null) {
      unclosed.add(tag);
      continue;
    }
    parts.push(text.slice(from, match.index));
    from = end.index + end[0].length;
  }
  parts.push(text.slice(from));
  return parts.join(" ");
}
