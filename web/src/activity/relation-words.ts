const phrases: ReadonlyMap<string, string> = new Map(
  Object.entries({
    parent: "a child of",
    child: "the parent of",
    blocks: "blocking",
    blocked_by: "blocked by",
    relates: "related to",
    duplicates: "a duplicate of",
  }),
);

/** `blocked_by MIN-2`, as the history keeps a relation → `blocked by MIN-2`, to be read after “marked as”. */
export function relationWords(kept: string): string {
  const [type = "", ...rest] = kept.split(" ");
  return [phrases.get(type) ?? type.replaceAll("_", " "), ...rest].join(" ");
}
