import type { Output, Style } from "./output.ts";
import { cutText, padText, textWidth, wrapText } from "./text-width.ts";

/** A cell: plain single-line text and its style. */
export type Cell = { readonly text: string; readonly style?: Style | readonly Style[] };

export type Column = {
  readonly title: string;
  /** The order in which columns shrink on a narrow terminal, highest first; absent: never. */
  readonly shrink?: number;
  /** The minimum width of a shrinking column; if that is still too wide, whole columns are dropped in the same order. */
  readonly least?: number;
  readonly align?: "right";
  /** What does not fit continues below itself instead of being cut. */
  readonly wraps?: true;
};

/** Prints rows as aligned columns cut to the terminal's width; elsewhere tab-separated and complete, without a header, for other programs. */
export function printTable(out: Output, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
  if (!out.isTerminal) {
    for (const row of rows) out.line(row.map(({ text }) => text).join("\t"));
    return;
  }
  if (rows.length === 0) return;
  const shown = columns.map((_, index) => index).filter((index) => rows.some((row) => row[index]?.text));
  const wanted = shown.map((index) => ({
    ...columns[index],
    index,
    wanted: Math.max(textWidth(columns[index]?.title ?? ""), ...rows.map((row) => textWidth(row[index]?.text ?? ""))),
  }));
  const kept = withoutLeast(wanted, out.width);
  const widths = fit(kept, out.width);
  const printLine = (cells: readonly (Cell | undefined)[]) => {
    const parts = kept.map(({ index }, place) => {
      const { text = "", style } = cells[index] ?? {};
      const width = widths[place] ?? 0;
      const cut = cutText(text, width);
      const last = place === kept.length - 1;
      const right = columns[index]?.align === "right";
      const padding = " ".repeat(Math.max(0, width - textWidth(cut)));
      const painted = style === undefined || cut === "" ? cut : out.style(style, cut);
      return right ? padding + painted : last ? painted : painted + padding;
    });
    out.line(parts.join("  ").trimEnd());
  };
  const print = (cells: readonly Cell[]) => {
    const lines = kept.map(({ index, wraps }, place) => {
      const { text = "" } = cells[index] ?? {};
      return { index, texts: wraps ? wrapText(text, widths[place] ?? 0) : [text] };
    });
    const height = Math.max(...lines.map(({ texts }) => texts.length));
    for (let line = 0; line < height; line += 1) {
      const texts = new Map(lines.map(({ index, texts: own }) => [index, own[line] ?? ""]));
      printLine(cells.map((cell, index) => ({ ...cell, text: texts.get(index) ?? "" })));
    }
  };
  printLine(columns.map(({ title }) => ({ text: title, style: "dim" })));
  for (const row of rows) print(row);
}

type Wanted = { readonly wanted: number; readonly shrink?: number; readonly least?: number };

const gap = 2;
const usualLeast = 6;

/** The columns that fit at their minimum widths; the last shrinkable one and those that never shrink are kept. */
function withoutLeast<Column extends Wanted>(columns: readonly Column[], width: number): readonly Column[] {
  const leastOf = ({ wanted, shrink, least = usualLeast }: Wanted) =>
    shrink === undefined ? wanted : Math.min(wanted, least);
  const needed = columns.reduce((sum, column) => sum + leastOf(column), gap * (columns.length - 1));
  const giving = columns.filter(({ shrink }) => shrink !== undefined).sort((a, b) => (b.shrink ?? 0) - (a.shrink ?? 0));
  const [first, ...others] = giving;
  if (needed <= width || first === undefined || others.length === 0) return columns;
  return withoutLeast(
    columns.filter((column) => column !== first),
    width,
  );
}

function fit(columns: readonly Wanted[], width: number): number[] {
  const widths = columns.map(({ wanted }) => wanted);
  let over = widths.reduce((sum, one) => sum + one, 0) + gap * (columns.length - 1) - width;
  const order = columns
    .map(({ shrink, least = usualLeast }, index) => ({ shrink, least, index }))
    .filter(({ shrink }) => shrink !== undefined)
    .sort((a, b) => (b.shrink ?? 0) - (a.shrink ?? 0));
  const narrow = (index: number, least: number) => {
    const now = widths[index] ?? 0;
    const next = Math.max(Math.min(now, least), now - over);
    widths[index] = next;
    over -= now - next;
  };
  for (const { index, least } of order) if (over > 0) narrow(index, least);
  // What is still too much is taken from the column that is never left out.
  const last = order.at(-1);
  if (over > 0 && last !== undefined) narrow(last.index, usualLeast);
  return widths;
}

/** Prints names and values, one pair per line, with names padded to one width. */
export function printPairs(out: Output, pairs: readonly (readonly [name: string, value: string])[]): void {
  const filled = pairs.filter(([, value]) => value !== "");
  const width = Math.max(0, ...filled.map(([name]) => textWidth(name)));
  for (const [name, value] of filled) out.line(`${out.style("dim", padText(name, width))}  ${value}`);
}
