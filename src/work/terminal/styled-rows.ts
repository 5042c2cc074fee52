import { stripVTControlCharacters } from "node:util";

/**
 * A row captured by tmux with its colors. tmux lets each row inherit the style of the previous one; here each is self-contained: it looks the same drawn alone,
 * and the next row scrolled in is not filled with its color.
 */
export type StyledRow = { readonly style: string; readonly text: Buffer };

/** `ESC [ … m`, as tmux writes it: one sequence for attributes, one for each color. */
// oxlint-disable-next-line no-control-regex
const change = /\x1b\[([\d;:]*)m/g;

export function readStyledRows(lines: readonly Buffer[]): readonly StyledRow[] {
  let style: readonly string[] = [];
  return lines.map((text) => {
    const row = { style: style.join(""), text };
    if (text.includes("\x1b[")) style = styleAfter(style, text.toString("latin1"));
    return row;
  });
}

function styleAfter(before: readonly string[], text: string): readonly string[] {
  const style = [...before];
  for (const [code, values = ""] of text.matchAll(change)) {
    const kind = kindOf(values);
    if (kind === "reset") style.length = 0;
    else if (kind !== "attributes")
      style.splice(0, style.length, ...style.filter((one) => kindOf(one.slice(2, -1)) !== kind));
    style.push(code);
  }
  return style;
}

/** Attributes accumulate until they are reset, which also resets the colors; a color replaces the previous one. */
function kindOf(values: string): "reset" | "attributes" | "colour" | "background" | "underline" {
  const first = Number(/^\d*/.exec(values)?.[0]);
  if (first === 0) return "reset";
  if ((first >= 30 && first <= 39) || (first >= 90 && first <= 97)) return "colour";
  if ((first >= 40 && first <= 49) || (first >= 100 && first <= 107)) return "background";
  return first === 58 || first === 59 ? "underline" : "attributes";
}

/** A row, followed by the default style. */
export function drawRow({ style, text }: StyledRow): readonly (Buffer | string)[] {
  return style === "" && !text.includes("\x1b[") ? [text] : [style, text, "\x1b[m"];
}

/** Consecutive rows; `goesOn`: which of them wrap into the next one. */
export function drawRows(
  rows: readonly StyledRow[],
  goesOn: (row: number) => boolean = () => false,
): (Buffer | string)[] {
  return rows.flatMap((row, index) => [...(index === 0 || goesOn(index - 1) ? [] : ["\r\n"]), ...drawRow(row)]);
}

/**
 * Which rows wrap into the next one: `joined` is the same screen with wrapped rows joined. A terminal that wraps itself copies them as one line, and rewraps
 * them in another size.
 */
export function findWraps(rows: readonly Buffer[], joined: readonly Buffer[]): ReadonlySet<number> {
  const plain = (line: Buffer) => stripVTControlCharacters(line.toString()).trimEnd();
  const wraps = new Set<number>();
  let row = 0;
  for (const line of joined) {
    const wanted = plain(line);
    let found = "";
    for (;;) {
      const text = rows[row];
      // Unexpected content: treat no row as wrapped.
      if (text === undefined) return new Set();
      found += stripVTControlCharacters(text.toString());
      row += 1;
      if (found.trimEnd() === wanted) break;
      if (!wanted.startsWith(found)) return new Set();
      wraps.add(row - 1);
    }
  }
  return wraps;
}
