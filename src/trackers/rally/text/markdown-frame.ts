/** An open element and what it holds so far: finished blocks, then the line under way. */
export type Frame = {
  readonly tag: string;
  /** Code: the text as it is. */
  readonly isRaw: boolean;
  readonly isPre: boolean;
  /** Tags of the marks that are open here; none may stand inside itself. */
  readonly marks: ReadonlySet<string>;
  /** null for other elements. */
  readonly mark: Mark | null;
  /** A mark that ends the line so far with a sign behind a sign: whether it is read depends on what follows. Where its signs stand in `inline`. */
  unsure: { readonly mark: Mark; readonly open: number; readonly close: number } | null;
  address: string | null;
  /** Of code: what it is written in, where that is said. */
  language: string;
  /** An ordered list's next number. */
  next: number;
  /** Of a list right behind another one of its kind: it has other signs, or they would be one. */
  readonly isOther: boolean;
  /** The last list in it, and how many blocks there were then. */
  lastList: { readonly tag: string; readonly isOther: boolean; readonly blocks: number } | null;
  /** Code at the end of the line so far, and how many pieces that has. */
  lastCode: { readonly code: string; readonly end: number } | null;
  blocks: string[];
  /** In pieces: a long line is not copied with every word. None is empty. */
  readonly inline: string[];
  /** Text since the last element: it comes in pieces, and what has to be escaped may lie across them. */
  readonly text: string[];
  /** Rows of a table, cells of a row. */
  rows: string[][];
  cells: string[];
};

export const codeTags = new Set(["code", "kbd", "samp", "tt"]);

/** How a mark is written: by markdown's signs, if it has any, or as a tag. */
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

/** Whether an element says what is said already where it stands. */
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
