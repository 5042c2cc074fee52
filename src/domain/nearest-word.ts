import { foldName } from "./fold-name.ts";

/**
 * The known word that was most likely meant; undefined if none is near.
 * Words are compared folded, by insertions, deletions, replacements and swapped neighbours; a prefix counts as near.
 */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  // Long words are not typos, and the cost of the comparison grows with the product of the lengths.
  const given = foldName(word.slice(0, 80));
  if (given === "") return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const folded = foldName(candidate.slice(0, 80));
    const beginning = given.length >= 3 && (folded.startsWith(given) || (folded !== "" && given.startsWith(folded)));
    const distance = editDistance(given, folded);
    const limit = Math.max(1, Math.floor(Math.max(given.length, folded.length) / 3));
    const score = distance <= limit ? distance : beginning ? limit + 1 : Infinity;
    if (score < bestDistance) {
      best = candidate;
      bestDistance = score;
    }
  }
  return best;
}

/**
 * Whether one of two different words is most likely a typo of the other. Stricter than `nearestWord`, because a new word is refused on this basis: short words
 * (`ui`, `qa`) and words with different numbers (`v1`, `v2`) differ on purpose.
 */
export function isTypingMistake(word: string, other: string): boolean {
  const [a, b] = [foldName(word.slice(0, 80)), foldName(other.slice(0, 80))];
  const shorter = Math.min(a.length, b.length);
  if (shorter < 4 || digitsOf(a) !== digitsOf(b)) return false;
  return editDistance(a, b) <= (shorter < 8 ? 1 : 2);
}

function digitsOf(text: string): string {
  return text.replace(/\D+/gu, " ").trim();
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(value);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
