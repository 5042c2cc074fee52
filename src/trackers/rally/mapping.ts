import type { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { Label, NativePriority } from "../../domain/issue.ts";
import type { Mapping, PriorityRule, StatusRule } from "../../domain/mapping.ts";
import type { Priority } from "../../domain/priority.ts";
import { isFinished, type Status } from "../../domain/status.ts";
import { readOverrides } from "../status-overrides.ts";
import type { RatedState } from "./states.ts";

/** Tags for statuses that a type has no state for; the first match counts. */
const tagNames: readonly { readonly status: Status; readonly name: string }[] = [
  { status: "canceled", name: "Canceled" },
  { status: "in_review", name: "In Review" },
  { status: "planning", name: "Planning" },
];

/** The status and priority rules of a source, and warnings about the overrides. */
export function detectMapping(
  states: readonly RatedState[],
  labels: readonly Label[],
  priorities: readonly NativePriority[],
  overrides: Readonly<Record<string, string>>,
): { readonly mapping: Mapping; readonly warnings: readonly PanopticonError[] } {
  const given = readOverrides(overrides, {
    tracker: "rally",
    states,
    isFinishedState: (state) => isFinished(states.find(({ id }) => id === state.id)?.status ?? "backlog"),
    labels,
  });
  const own = new Map(labels.map(({ name }) => [foldName(name), name]));
  const byTag = tagNames
    .filter(({ status }) => !given.replaced.has(status))
    .flatMap(({ status, name }) =>
      nearestFirst(status, states)
        .filter((state) => needsTag(state, status, states))
        .map(({ id }): StatusRule => ({
          stateId: id,
          label: own.get(foldName(name)) ?? name,
          status,
          origin: "detected",
        })),
    );
  const byState = startedFirst(states).map((state): StatusRule => ({
    stateId: state.id,
    status: state.status === "planning" && given.replaced.has("planning") ? "backlog" : state.status,
    origin: "detected",
    ...(isEntered(state, states) ? {} : { outward: false }),
  }));
  return {
    mapping: { statusRules: [...given.rules, ...byTag, ...byState], priorityRules: toPriorityRules(priorities) },
    warnings: given.warnings,
  };
}

/** Planned work waits to be started: among the states before work, the last one is nearest. */
function nearestFirst(status: Status, states: readonly RatedState[]): readonly RatedState[] {
  return status === "planning" ? states.toReversed() : states;
}

/** A defect that returns from Fixed or Closed is already known, so it does not become Submitted again unless it moves to the backlog. */
function startedFirst(states: readonly RatedState[]): readonly RatedState[] {
  const [first] = states.flatMap(({ kind, category }) => (kind === "defect" ? [category] : []));
  const isLate = ({ kind, category, status }: RatedState) =>
    Number(kind === "defect" && category === first && status !== "backlog");
  return states.toSorted((a, b) => isLate(a) - isLate(b));
}

/**
 * Whether moves set this state. Not the missing state of portfolio items, unless there is no other before work begins; and no defect gets a schedule state of
 * accepted while it is open.
 */
function isEntered(state: RatedState, states: readonly RatedState[]): boolean {
  const { kind, category, id, types } = state;
  if (kind === "portfolio" && category === "none") {
    const others = states.filter((one) => one.id !== id && one.types?.[0] === types?.[0]);
    return !others.some((one) => one.status === "backlog");
  }
  return state.isOdd !== true;
}

/**
 * Whether a tag can express this status for items in that state: nothing in Rally is canceled, tasks and portfolio items are never reviewed, and only teams
 * with a column called Planning plan.
 */
function needsTag(state: RatedState, status: Status, states: readonly RatedState[]): boolean {
  if (status === "canceled") return true;
  const hasColumn = states.some((one) => one.kind === state.kind && one.status === status && one.place === state.place);
  if (hasColumn) return false;
  return status === "in_review" ? state.status === "in_progress" : state.status === "backlog";
}

export const noPriority = "None";

/** Most urgent first, in the order of the type definition; `None` means no priority. */
export function toPriorities(words: readonly string[]): NativePriority[] {
  return [noPriority, ...words.filter((word) => foldName(word) !== foldName(noPriority))].map((name) => ({
    id: name,
    name,
  }));
}

/** By position: the first is urgent, the last is low, the others are in between. */
function toPriorityRules(priorities: readonly NativePriority[]): PriorityRule[] {
  const real = priorities.filter(({ id }) => id !== noPriority);
  const rules = real.map(({ id }, index): PriorityRule => {
    const step = real.length === 1 ? 0 : Math.round((index * 3) / (real.length - 1));
    return { nativePriority: id, priority: priorityAt[step] ?? 4 };
  });
  return [{ nativePriority: noPriority, priority: 0 }, ...rules];
}

const priorityAt: readonly Priority[] = [1, 2, 3, 4];
