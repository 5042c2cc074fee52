/** A completion candidate; `description` may be empty. */
export type Word = { readonly value: string; readonly description: string };

/** Stands for file names, which the shell completes itself; has no value of its own. */
export const anyFile: Word = { value: "", description: "file" };
