/** What could come next on a command line; `description` may be empty. */
export type Word = { readonly value: string; readonly description: string };

/** Stands for the files there are, which shells know how to complete themselves; it has no value of its own. */
export const anyFile: Word = { value: "", description: "file" };
