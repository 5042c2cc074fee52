import { foldName } from "../../domain/fold-name.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import { splitValues } from "../../domain/parse-filter.ts";
import type { FacetsShape } from "../../server/contract/issue.ts";
import type { IssuesQuery } from "./reading.ts";

/** A filter key whose values come from the trackers, what messages call such a value, and the existing ones with their spelling. */
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

/** Explains why a filter finds nothing: its values that no issue has, with the nearest existing one. */
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
