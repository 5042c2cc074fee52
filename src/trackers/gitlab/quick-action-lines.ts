import { placeLines, type Place } from "./blocks.ts";

/**
 * GitLab carries out lines such as `/close` in descriptions and comments and takes them out of the text, when they come by the API too
 * (https://docs.gitlab.com/user/project/quick_actions/). Which names there are grows with every version, so any lone word counts. A text of ours gets such a line's slash in
 * another form that looks the same: `\/`, or `&#47;` inside HTML; in a block of code, where neither is read, an invisible joiner goes before it. One who has written
 * such a form already gets the next one: what is read is exactly what was written.
 */
export function shieldCommands(text: string): string {
  return mapLines(text, (rank, most) => Math.min(rank + 1, most));
}

export function unshieldCommands(text: string): string {
  return mapLines(text, (rank) => Math.max(rank - 1, 0));
}

const mostZeros = 5;
const entities = Array.from({ length: mostZeros + 1 }, (_, zeros) => `&#${"0".repeat(zeros)}47;`);

/** The forms of a slash at the beginning of a line, by what the line belongs to; all of them look the same. */
const forms: Readonly<Record<"text" | "html", readonly string[]>> = {
  text: ["/", "\\/", ...entities],
  html: ["/", ...entities],
};

const joiner = "\u2060";
const word = /^[\w-]+(?=\s|$)/;

function mapLines(text: string, next: (rank: number, most: number) => number): string {
  // Most texts have nothing of the kind.
  if (!/^(?:\/|\\\/|&#0*47;|\u2060)/m.test(text)) return text;
  return placeLines(text)
    .lines.map(({ line, place }) => mapLine(line, place, next))
    .join("\n");
}

function mapLine(line: string, place: Place, next: (rank: number, most: number) => number): string {
  if (place === "kept") return line;
  if (place === "code") {
    const joined = /^(\u2060*)\/(.*)$/s.exec(line);
    const rest = joined?.[2] ?? "";
    if (!word.test(rest)) return line;
    return `${joiner.repeat(next(joined?.[1]?.length ?? 0, Infinity))}/${rest}`;
  }
  const known = forms[place];
  const rank = known.findIndex((form) => line.startsWith(form));
  const rest = line.slice(known[rank]?.length);
  if (rank === -1 || !word.test(rest)) return line;
  return `${known[next(rank, known.length - 1)] ?? ""}${rest}`;
}
