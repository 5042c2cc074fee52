/** What could come next on a command line; `description` may be empty. */
export type Word = { readonly value: string; readonly description: string };
