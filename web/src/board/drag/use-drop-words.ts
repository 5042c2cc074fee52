import { useQueries, useQuery } from "@tanstack/react-query";
import { isStatus, statusLabels, type Status } from "../../../../src/domain/status.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import type { MovesShape, SourceFormShape } from "../../../../src/server/contract/change.ts";
import { formQuery, movesQuery } from "../../api/queries.ts";
import { stateWords } from "../../fields/state-words.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { formatNumberOf } from "../../ui/time.ts";
import { useGroupRefusal } from "../placing/use-group-refusal.ts";
import { canRegroup, outsideOf } from "../placing/use-regroup.ts";
import type { Drag } from "./use-drag.ts";

/** What a drop will do, in the tracker's terms. `possible` is false if it is known to fail. */
export type DropWords = { readonly text: string; readonly possible: boolean };

type DropPlace = {
  /** Whether a drop sets a place in the column's manual order. */
  readonly byPlace: boolean;
  readonly grouping: Grouping;
  readonly labelOf: (group: string) => string;
  readonly trackerLabels: ReadonlyMap<string, string>;
};

/** Describes what a drop at the current target would write. Asks the tracker if the outcome depends on its workflow. */
export function useDropWords(
  drag: Drag | null,
  { byPlace, grouping, labelOf, trackerLabels }: DropPlace,
): DropWords | null {
  const first = drag?.issues[0];
  const form = useQuery({ ...formQuery(first?.source ?? ""), enabled: first !== undefined }).data;
  // Read for the refusals.
  useQueries({ queries: [...new Set(drag?.issues.map(({ source }) => source))].map(formQuery) });
  const refusalOf = useGroupRefusal(grouping);
  const moves = useQuery({
    ...movesQuery(first?.address ?? ""),
    enabled: first !== undefined && grouping === "status",
    retry: false,
  }).data;
  if (drag === null || first === undefined || drag.over === null) return null;
  const over = drag.over.group;
  const going = outsideOf(drag.issues, grouping, over);
  if (going.length === 0) return { text: byPlace ? "Place here" : "Stays here", possible: true };
  if (!canRegroup(grouping)) return { text: `Can’t move to another ${grouping}`, possible: false };
  const refusals = going.flatMap((issue) => refusalOf(issue, over) ?? []);
  const [refusal] = refusals;
  if (refusal !== undefined && refusals.length === going.length) return { text: refusal, possible: false };
  if (going.length > 1) {
    const trackers = new Set(going.map(({ tracker }) => tracker));
    const [only] = trackers;
    const where =
      trackers.size === 1 ? (trackerLabels.get(only ?? "") ?? only) : formatNumberOf(trackers.size, "tracker");
    const text = `${formatNumberOf(going.length - refusals.length, "issue")} in ${where}`;
    return { text: refusal === undefined ? text : `${text}; ${refusal}`, possible: true };
  }
  const label = trackerLabels.get(first.tracker) ?? first.tracker;
  if (form?.writable.allowed === false) {
    return { text: form.writable.reason ?? `${label} is read-only`, possible: false };
  }
  if (grouping !== "status" || !isStatus(over)) return { text: `${label}: ${labelOf(over)}`, possible: true };
  if (first.shadow !== null) return { text: "Kept in Panopticon", possible: true };
  return moveWords(label, first, over, { moves, form });
}

type Known = {
  readonly moves: MovesShape["moves"] | undefined;
  readonly form: SourceFormShape | undefined;
};

function moveWords(label: string, issue: IssueShape, status: Status, { moves, form }: Known): DropWords {
  const move = moves?.find((one) => one.status === status);
  if (move?.allowed === false) return { text: move.reason ?? `Not possible in ${label}`, possible: false };
  if (move !== undefined && move.choices.length > 0) {
    return { text: `${label}: ${move.choices.map(({ name }) => name).join(" or ")}`, possible: true };
  }
  const present = { status: issue.status, state: issue.nativeState.name };
  const state = stateWords(moves ?? form?.statuses ?? [], status, present) ?? statusLabels[status];
  return { text: `${label}: ${state}`, possible: true };
}
