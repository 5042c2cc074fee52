import type { ChangedProjectShape } from "../../../src/server/contract/project.ts";
import { useChanges } from "../changes/changes-provider.tsx";

type Unchecked = ChangedProjectShape["unchecked"];

/** Warns, in one notice, of new sources that were saved although their tracker could not confirm that they exist, and says what to do about it. */
export function useSayUnchecked(): (project: ChangedProjectShape) => void {
  const { say } = useChanges();
  return ({ unchecked }) => {
    if (unchecked.length > 0) say(describeUnchecked(unchecked));
  };
}

/** Why, and what to do, once for all sources that it applies to. */
function describeUnchecked(unchecked: Unchecked): string {
  const groups = Map.groupBy(unchecked, ({ reason, hint = "" }) => `${reason} ${hint.replaceAll("\n", " ")}`.trim());
  return [...groups].map(([words, alike]) => `Couldn’t check ${namesOf(alike)}: ${words}`).join(" ");
}

/** The first of them by name. */
function namesOf(sources: Unchecked): string {
  const [first, second] = sources.map(({ source }) => source);
  const others = sources.length - 2;
  if (second === undefined) return first ?? "";
  return others < 1
    ? `${first} and ${second}`
    : `${first}, ${second} and ${others} ${others === 1 ? "other" : "others"}`;
}
