import { isDeepStrictEqual } from "node:util";
import { parseDocument } from "yaml";

/**
 * A changed YAML text with the spacing that the user gave to the lines that stay: the YAML writer aligns no comments, knows one spacing for all brackets, and
 * moves a comment behind a key that begins a block to a line of its own.
 * `rewritten` is the text before, as the writer writes it. Where that differs in more than spacing, or the result would mean something else, the writer's text
 * is used.
 */
export function keepLines(before: string, rewritten: string, after: string): string {
  const own = before.split("\n");
  const [plain, changed] = [rewritten, after].map((text) => joinComments(text.split("\n"), own)) as [
    string[],
    string[],
  ];
  const isSpacing = own.length === plain.length && own.every((line, at) => squeeze(line) === squeeze(plain[at] ?? ""));
  if (!isSpacing || before.includes("\r")) return after;
  if (plain.length * changed.length > mostPairs) return after;
  const stays = matchLines(plain, changed);
  const kept = changed.map((line, at) => own[stays.get(at) ?? -1] ?? line).join("\n");
  return meansSame(kept, after) ? kept : after;
}

/** Comparing two thousand lines with each other takes a few milliseconds. */
const mostPairs = 4_000_000;

const squeeze = (line: string) => line.replaceAll(/\s/g, "");

/** Puts comments back behind the keys that they stand behind in `own`. */
function joinComments(lines: readonly string[], own: readonly string[]): string[] {
  const known = new Set(own.filter((line) => /:\s+#/.test(line)).map(squeeze));
  const joined: string[] = [];
  for (const line of lines) {
    const key = joined.at(-1) ?? "";
    const isMoved = line.trimStart().startsWith("#") && key.endsWith(":") && known.has(squeeze(key + line));
    if (isMoved) joined[joined.length - 1] = `${key} ${line.trimStart()}`;
    else joined.push(line);
  }
  return joined;
}

/** The longest common subsequence: by index of a line in `after`, its index in `before`. */
function matchLines(before: readonly string[], after: readonly string[]): ReadonlyMap<number, number> {
  const width = after.length + 1;
  const longest = new Uint32Array((before.length + 1) * width);
  const at = (one: number, two: number) => longest[one * width + two] ?? 0;
  for (let one = before.length - 1; one >= 0; one--)
    for (let two = after.length - 1; two >= 0; two--)
      longest[one * width + two] =
        before[one] === after[two] ? at(one + 1, two + 1) + 1 : Math.max(at(one + 1, two), at(one, two + 1));
  const matches = new Map<number, number>();
  for (let one = 0, two = 0; one < before.length && two < after.length;) {
    if (before[one] === after[two]) matches.set(two++, one++);
    else if (at(one + 1, two) >= at(one, two + 1)) one++;
    else two++;
  }
  return matches;
}

function meansSame(text: string, other: string): boolean {
  const [one, two] = [text, other].map((given) => parseDocument(given, { logLevel: "silent" }));
  return one?.errors.length === 0 && isDeepStrictEqual(one.toJS(), two?.toJS());
}
