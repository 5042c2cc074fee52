import type { Phrases } from "./phrases.ts";

/** A team's field of work: the vocabulary of its issues. Titles are complete phrases; `things` fill the templates. */
export type Area = {
  /** For titles beyond the written ones. */
  readonly phrases: Phrases;
  /** The code folder named in log lines and diffs. */
  readonly module: string;
  readonly components: readonly string[];
  readonly bugs: readonly string[];
  readonly features: readonly string[];
  readonly chores: readonly string[];
  /** Parts of the product, in the form used after "the". */
  readonly things: readonly string[];
};
