import { cleanLabel, mostAfter, questionAbove, type ScreenChoice } from "./screen-choice.ts";
import type { ScreenLine } from "./screen-lines.ts";

const marked = /^[❯›●▸▶]\s*(?=\S)/u;
const hint = /\benter (?:to )?(?:confirm|select|continue|choose)\b|\besc to cancel\b|↑\s?\/?\s?↓/iu;

/** Options below each other without numbers, one of them behind a mark: Claude Code's whether to trust a folder. */
export function readListed(lines: readonly ScreenLine[]): ScreenChoice | null {
  const mark = lines.findLastIndex(({ text }) => marked.test(text));
  const at = lines[mark];
  if (at === undefined || mark < lines.length - mostAfter - 4) return null;
  if (!lines.slice(-2).some(({ text }) => hint.test(text))) return null;
  const column = at.column + (marked.exec(at.text)?.[0].length ?? 0);
  // An option's explanation is further to the right, and what is no option is not.
  const isWithin = (line: ScreenLine, next: ScreenLine | undefined) =>
    next !== undefined && Math.abs(line.row - next.row) === 1 && line.column >= column;
  let first = mark;
  while (first > 0 && isWithin(lines[first - 1] ?? at, lines[first])) first -= 1;
  let last = mark;
  while (last < lines.length - 1 && isWithin(lines[last + 1] ?? at, lines[last])) last += 1;
  const options = lines.slice(first, last + 1).filter((line) => line === at || line.column === column);
  return {
    question: questionAbove(lines, first),
    options:
      options.length < 2
        ? []
        : options.map(({ text }, index) => ({
            answer: String(index + 1),
            label: cleanLabel(text.replace(marked, "")),
          })),
    keys: "down",
    marked: options.indexOf(at),
  };
}
