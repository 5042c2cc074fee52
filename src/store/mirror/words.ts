/** Where words of a kind are kept. */
export type WordTable = "state" | "label" | "cycle" | "native_priority" | "person";

/** A word as it is kept. */
export type Word = { readonly id: number; readonly name: string };

/** The words a transaction works with, by native id. */
export type Words = {
  readonly [Table in WordTable]: ReadonlyMap<string, Word>;
} & {
  /** Ids of words that look different now. */
  readonly renamed: { readonly [Table in WordTable]: readonly number[] };
  /** Native ids of issues that others call otherwise now. */
  readonly renamedIssues: readonly string[];
  /** Some issue refers to something nobody has named before. */
  readonly unknown: boolean;
};
