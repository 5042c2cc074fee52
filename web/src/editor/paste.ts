import type { Replacement, Selected } from "./text-edits.ts";

/** The clipboard's content as plain text and, if any, as HTML. */
export type Pasted = { readonly text: string; readonly html: string };

/** Whether a position is in a code block, where nothing is markdown. */
function isInCode(text: string, at: number): boolean {
  return (text.slice(0, at).match(/^\s*(?:```|~~~)/gm) ?? []).length % 2 === 1;
}

function asLink({ text }: Pasted, { text: whole, start, end }: Selected): Replacement | null {
  const address = text.trim();
  const selected = whole.slice(start, end);
  if (!/^https?:\/\/\S+$/.test(address) || selected.trim() === "" || /\n|^https?:\/\//.test(selected)) return null;
  // Inside a link's target, paste the plain URL.
  if (/\]\([^)\n]*$/.test(whole.slice(0, start))) return null;
  const insert = `[${selected}](${address})`;
  return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
}

function asTable({ text, html }: Pasted, { text: whole, start, end }: Selected): Replacement | null {
  if (!/<table\b/i.test(html) || !text.includes("\t")) return null;
  const rows = text
    .replaceAll("\r", "")
    .replace(/\n+$/, "")
    .split("\n")
    .map((line) => line.split("\t").map((cell) => cell.trim().replaceAll("|", "\\|")));
  const columns = Math.max(...rows.map(({ length }) => length));
  const lineOf = (cells: readonly string[]) =>
    `| ${Array.from({ length: columns }, (_, index) => cells[index] ?? "").join(" | ")} |`;
  const [head = [], ...body] = rows;
  const table = [lineOf(head), lineOf(Array.from({ length: columns }, () => "---")), ...body.map(lineOf)].join("\n");
  const before = whole.slice(0, start);
  const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const insert = `${gap}${table}\n`;
  return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
}

/** Converts pasted content to markdown: a URL over selected text becomes a link, spreadsheet cells a table; null: leave it to the browser. */
export function pasteEdit(pasted: Pasted, selected: Selected): Replacement | null {
  if (isInCode(selected.text, selected.start)) return null;
  return asLink(pasted, selected) ?? asTable(pasted, selected);
}
