import type { Token, Tokens } from "marked";

/**
 * Restores the leading tabs of code inside lists, which the Markdown lexer replaces by spaces to find out what belongs to which item. `markdown` is the tokens'
 * source; the tokens are changed in place.
 */
export function restoreCodeTabs(tokens: readonly Token[], markdown: string): void {
  if (markdown.includes("\t")) walk(tokens, markdown.replace(/\r\n|\r/g, "\n").split("\n"), 0, false);
}

/** `at` is the line in which the first token begins; tokens neither add nor drop lines. */
function walk(tokens: readonly Token[], lines: readonly string[], at: number, isInList: boolean): void {
  let line = at;
  for (const token of tokens) {
    if (token.type === "list") {
      let first = line;
      for (const item of (token as Tokens.List).items) {
        walk(item.tokens, lines, first, true);
        first += countLineEnds(item.raw);
      }
    } else if (token.type === "blockquote") {
      walk((token as Tokens.Blockquote).tokens, lines, line, isInList);
    } else if (token.type === "code" && isInList) {
      const code = token as Tokens.Code;
      const first = code.codeBlockStyle === "indented" ? line : line + 1;
      code.text = code.text
        .split("\n")
        .map((text, index) => withTabs(text, lines[first + index] ?? ""))
        .join("\n");
    }
    line += countLineEnds(token.raw);
  }
}

/** A line of code with its leading whitespace as written; unchanged if the written line does not end with it. */
function withTabs(text: string, written: string): string {
  const rest = text.trimStart();
  const width = text.length - rest.length;
  if (width === 0 || /[^ ]/.test(text.slice(0, width)) || !written.endsWith(rest)) return text;
  const [, before = "", blanks = ""] = /^(.*?)([ \t]*)$/s.exec(written.slice(0, written.length - rest.length)) ?? [];
  // A quote starts its lines after its `>` and one space.
  const isQuoted = before.endsWith(">") && blanks.startsWith(" ");
  const start = isQuoted ? 0 : before.slice(before.lastIndexOf(">") + 1).length;
  const own = isQuoted ? blanks.slice(1) : blanks;
  const columns = [start];
  for (const blank of own) {
    const column = columns.at(-1) ?? 0;
    columns.push(blank === "\t" ? column + 4 - (column % 4) : column + 1);
  }
  const end = columns.at(-1) ?? 0;
  const cut = columns.findIndex((column) => end - column <= width);
  // A tab that extends from the list's indentation into the code keeps its spaces.
  const kept = end - (columns[cut] ?? end);
  return cut > 0 || kept === width ? " ".repeat(width - kept) + own.slice(cut) + rest : text;
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
