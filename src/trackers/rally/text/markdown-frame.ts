/** An open element and its content so far: finished blocks, then the current line. */
export type Frame = {
  readonly tag: string;
  /** Code: text is not escaped. */
  readonly isRaw: boolean;
  readonly isPre: boolean;
  /** Tags of the open marks; none may be nested in itself. */
  readonly marks: ReadonlySet<string>;
  /** null for other elements. */
  readonly mark: Mark | null;
  /**
   * A mark at the end of the current line whose closing delimiter follows punctuation, so that the next character decides whether it is read. The indexes of
   * its delimiters in `inline`.
   */
  unsure: { readonly mark: Mark; readonly open: number; readonly close: number } | null;
  address: string | null;
  /** The language of code, if stated. */
  language: string;
  /** The next number of an ordered list. */
  next: number;
  /** A list directly after another of its kind uses other markers, or the two would become one list. */
  readonly isOther: boolean;
  /** Its last list, and the number of blocks at that time. */
  lastList: { readonly tag: string; readonly isOther: boolean; readonly blocks: number } | null;
  /** Code at the end of the current line, and the number of pieces up to its end. */
  lastCode: { readonly code: string; readonly end: number } | null;
  blocks: string[];
  /** In pieces, so that a long line is not copied with every word. None is empty. */
  readonly inline: string[];
  /** Text since the last element. It arrives in pieces, and a sequence to be escaped may span several. */
  readonly text: string[];
  /** The rows of a table, the cells of a row. */
  rows: string[][];
  cells: string[];
};

export const codeTags = new Set(["code", "kbd", "samp", "tt"]);

/** How a mark is written: with Markdown's delimiter, if it has one, or as a tag. */
export type Mark = { readonly sign: string | null; readonly tag: string };

const strong: Mark = { sign: "**", tag: "strong" };

const emphasis: Mark = { sign: "*", tag: "em" };

const struck: Mark = { sign: "~~", tag: "del" };

export const marks: ReadonlyMap<string, Mark> = new Map(
  Object.entries({
    strong,
    b: strong,
    em: emphasis,
    i: emphasis,
    del: struck,
    s: struck,
    strike: struck,
    u: { sign: null, tag: "u" },
    sub: { sign: null, tag: "sub" },
    sup: { sign: null, tag: "sup" },
  }),
);

/** Whether an element repeats a mark that is already open. */
export function isSaid(tag: string, frame: Frame): boolean {
  return frame.marks.has(marks.get(tag)?.tag ?? "");
}

export function openFrame(tag: string, parent: Frame | null): Frame {
  const isPre = tag === "pre" || (parent?.isPre ?? false);
  const around = parent?.marks ?? new Set<string>();
  const mark = marks.get(tag) ?? null;
  const before = parent?.lastList ?? null;
  return {
    tag,
    isPre,
    isRaw: isPre || codeTags.has(tag) || (parent?.isRaw ?? false),
    marks: mark === null ? around : new Set([...around, mark.tag]),
    mark,
    unsure: null,
    address: null,
    language: "",
    next: 1,
    isOther: before !== null && before.tag === tag && before.blocks === parent?.blocks.length && !before.isOther,
    lastList: null,
    lastCode: null,
    blocks: [],
    inline: [],
    text: [],
    rows: [],
    cells: [],
  };
}
