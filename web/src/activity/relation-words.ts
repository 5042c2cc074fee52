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

/** Turns a relation as the history stores it (`blocked_by MIN-2`) into words that follow “marked as” (`blocked by MIN-2`). */
export function relationWords(kept: string): string {
  const [type = "", ...rest] = kept.split(" ");
  return [phrases.get(type) ?? type.replaceAll("_", " "), ...rest].join(" ");
}
