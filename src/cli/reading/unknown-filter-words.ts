import { foldName } from "../../domain/fold-name.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import { splitValues } from "../../domain/parse-filter.ts";
import type { FacetsShape } from "../../server/contract/issue.ts";
import type { IssuesQuery } from "./reading.ts";

/** A filter's key whose words are the trackers' own, what a message calls one, and those that issues have, each with the word to write. */
type OwnWords = readonly [key: string, noun: string, known: (facets: FacetsShape) => readonly [string, string][]];

const same = (named: readonly { readonly name: string }[]) => named.map(({ name }): [string, string] => [name, name]);

const ownWords: readonly OwnWords[] = [
  ["label", "label", ({ labels }) => same(labels)],
  ["type", "type", ({ types }) => same(types)],
  ["cycle", "cycle", ({ cycles }) => [...same(cycles), ["none", "none"]]],
  ["state", "state", ({ states }) => same(states)],
  [
    "assignee",
    "assignee",
    ({ assignees }) => [
      ...assignees.flatMap(({ login, name }): [string, string][] => [
        [login, login],
        [name, login],
      ]),
      ["me", "me"],
      ["none", "none"],
    ],
  ],
];

/** Why a filter finds nothing: its words that no issue has, as sentences, with the nearest that some have. */
export function describeUnknownWords(written: IssuesQuery["written"], facets: FacetsShape): readonly string[] {
  return ownWords.flatMap(([key, noun, read]) => {
    const values = written.filter(([name]) => name === key).flatMap(([, value]) => splitValues(value));
    if (values.length === 0) return [];
    const known = new Map(read(facets));
    const folded = new Set([...known.keys()].map(foldName));
    return values
      .filter((value) => value !== "" && !folded.has(foldName(value)))
      .map((value) => {
        const near = nearestWord(value, known.keys());
        const hint = near === undefined ? "" : ` Did you mean “${known.get(near) ?? near}”?`;
        return `No issues have the ${noun} “${value}”.${hint}`;
      });
  });
}
