/**
 * Folds a name for comparison: ignores case, spaces, hyphens and underscores.
 * `In Review`, `in-review` and `IN_REVIEW` are the same name; `Reviewed` is a different one.
 */
export function foldName(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\-_]+/gu, "");
}
