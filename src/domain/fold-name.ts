/**
 * Folds a name for comparison: case, spaces, hyphens and underscores do not count.
 * `In Review`, `in-review` and `IN_REVIEW` are the same name; `Reviewed` is another one.
 */
export function foldName(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\-_]+/gu, "");
}
