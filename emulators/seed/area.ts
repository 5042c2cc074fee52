import type { Phrases } from "./phrases.ts";

/** What one team works on: the words its issues are made of. Titles are whole phrases; `things` fill the templates. */
export type Area = {
  /** For the titles beyond the written ones. */
  readonly phrases: Phrases;
  /** The folder of the code that log lines and diffs name. */
  readonly module: string;
  readonly components: readonly string[];
  readonly bugs: readonly string[];
  readonly features: readonly string[];
  readonly chores: readonly string[];
  /** Parts of the product, as they stand in a sentence after "the". */
  readonly things: readonly string[];
};
