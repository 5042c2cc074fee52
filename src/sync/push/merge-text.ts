import { diff3Merge } from "node-diff3";

/** The cost of a comparison grows with the product of the lengths; longer texts are left to the user. */
const maxLines = 5_000;

/** Merges two edits of a text by lines; returns null if both changed the same place. */
export function mergeText(from: string, mine: string, theirs: string): string | null {
  if (mine === theirs) return mine;
  const [a, o, b] = [mine, from, theirs].map((text) => text.split(/\r?\n/));
  if (a === undefined || o === undefined || b === undefined) return null;
  if (Math.max(a.length, o.length, b.length) > maxLines) return null;
  const merged: string[] = [];
  for (const region of diff3Merge(a, o, b, { excludeFalseConflicts: true })) {
    if (region.ok === undefined) return null;
    merged.push(...region.ok);
  }
  return merged.join("\n");
}
