import { placeLines, type Place } from "./place-lines.ts";

/**
 * Prevents quick actions. GitLab executes lines such as `/close` in descriptions and comments, also if sent by the API, and removes them from the text
 * (https://docs.gitlab.com/user/project/quick_actions/). Every version adds names, so any single word counts. In such a line the slash is replaced by another
 * form that looks the same: `\/` in a paragraph; elsewhere, where that would be visible, an invisible joiner precedes it. If the text already contains such a
 * form, the next form is used, so that reading returns exactly what was written.
 */
export function shieldCommands(text: string): string {
  return mapLines(text, (rank) => rank + 1);
}

export function unshieldCommands(text: string): string {
  return mapLines(text, (rank) => Math.max(rank - 1, 0));
}

/** The forms of a slash at the start of a paragraph's line; all look the same. */
const forms: readonly string[] = ["/", "\\/", ...Array.from({ length: 6 }, (_, zeros) => `&#${"0".repeat(zeros)}47;`)];

const joiner = "\u2060";
const word = /^[\w-]+(?=\s|$)/;

function mapLines(text: string, next: (rank: number) => number): string {
  // Fast path: most texts contain no such line.
  if (!/^(?:\/|\\\/|&#0*47;|\u2060)/m.test(text)) return text;
  return placeLines(text)
    .lines.map(({ line, place }) => mapLine(line, place, next))
    .join("\n");
}

function mapLine(line: string, place: Place, next: (rank: number) => number): string {
  if (place === "kept") return line;
  if (place === "other") {
    const joined = /^(\u2060*)\/(.*)$/s.exec(line);
    const rest = joined?.[2] ?? "";
    return word.test(rest) ? `${joiner.repeat(next(joined?.[1]?.length ?? 0))}/${rest}` : line;
  }
  const rank = forms.findIndex((form) => line.startsWith(form));
  const rest = line.slice(forms[rank]?.length);
  if (rank === -1 || !word.test(rest)) return line;
  return `${forms[Math.min(next(rank), forms.length - 1)] ?? ""}${rest}`;
}
