/** The table of a kind of words. */
export type WordTable = "state" | "label" | "cycle" | "native_priority" | "person";

/** A stored word. */
export type Word = { readonly id: number; readonly name: string };

/** The words used by a transaction, by native id. */
export type Words = {
  readonly [Table in WordTable]: ReadonlyMap<string, Word>;
} & {
  /** Ids of words whose appearance changed. */
  readonly renamed: { readonly [Table in WordTable]: readonly number[] };
  /** Native ids of issues whose name in other issues changed. */
  readonly renamedIssues: readonly string[];
  /** An issue refers to something that has not been named before. */
  readonly unknown: boolean;
};
