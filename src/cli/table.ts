import type { Output, Style } from "./output.ts";
import { cutText, padText, textWidth } from "./text-width.ts";

/** One cell: a text on one line, already plain, and its colour. */
export type Cell = { readonly text: string; readonly style?: Style | readonly Style[] };

export type Column = {
  readonly title: string;
  /** Which column gives way where the terminal is too narrow: the highest first; absent: never. */
  readonly shrink?: number;
  /** Columns that a shrinking column keeps at least. */
  readonly least?: number;
  readonly align?: "right";
};

/** Rows as aligned columns cut to the terminal's width; elsewhere tab-separated and whole, without a header, for other programs. */
export function printTable(out: Output, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
  if (!out.isTerminal) {
    for (const row of rows) out.line(row.map(({ text }) => text).join("\t"));
    return;
  }
  const shown = columns.map((_, index) => index).filter((index) => rows.some((row) => row[index]?.text));
  const widths = fit(
    shown.map((index) => ({
      ...columns[index],
      wanted: Math.max(textWidth(columns[index]?.title ?? ""), ...rows.map((row) => textWidth(row[index]?.text ?? ""))),
    })),
    out.width,
  );
  const print = (cells: readonly (Cell | undefined)[]) => {
    const parts = shown.map((index, place) => {
      const { text = "", style } = cells[index] ?? {};
      const width = widths[place] ?? 0;
      const cut = cutText(text, width);
      const last = place === shown.length - 1;
      const right = columns[index]?.align === "right";
      const gap = " ".repeat(Math.max(0, width - textWidth(cut)));
      const painted = style === undefined || cut === "" ? cut : out.style(style, cut);
      return right ? gap + painted : last ? painted : painted + gap;
    });
    out.line(parts.join("  ").trimEnd());
  };
  print(columns.map(({ title }) => ({ text: title, style: "dim" })));
  for (const row of rows) print(row);
}

type Wanted = { readonly wanted: number; readonly shrink?: number; readonly least?: number };

function fit(columns: readonly Wanted[], width: number): number[] {
  const widths = columns.map(({ wanted }) => wanted);
  let over = widths.reduce((sum, one) => sum + one, 0) + 2 * (columns.length - 1) - width;
  const order = columns
    .map(({ shrink, least = 6 }, index) => ({ shrink, least, index }))
    .filter(({ shrink }) => shrink !== undefined)
    .sort((a, b) => (b.shrink ?? 0) - (a.shrink ?? 0));
  for (const { index, least } of order) {
    if (over <= 0) break;
    const now = widths[index] ?? 0;
    const next = Math.max(Math.min(now, least), now - over);
    widths[index] = next;
    over -= now - next;
  }
  return widths;
}

/** Names with values below each other, the names padded to one width. */
export function printPairs(out: Output, pairs: readonly (readonly [name: string, value: string])[]): void {
  const filled = pairs.filter(([, value]) => value !== "");
  const width = Math.max(0, ...filled.map(([name]) => textWidth(name)));
  for (const [name, value] of filled) out.line(`${out.style("dim", padText(name, width))}  ${value}`);
}
