import { foldName } from "../../domain/fold-name.ts";
import type { Label, NativeState } from "../../domain/issue.ts";
import type { StatusRule } from "../../domain/mapping.ts";
import { isFinished, type Status, statuses } from "../../domain/status.ts";
import { isClosed } from "./states.ts";
import type { StatusLabel } from "../status-labels.ts";

const reviewNames = new Set(["In Review", "Review", "Code Review", "QA", "Testing"].map(foldName));

/** For a status that no state represents: moves go to the first state of the first available category. */
const nearest: Readonly<Record<Status, readonly string[]>> = {
  backlog: ["to_do", "triage", "in_progress"],
  planning: ["to_do", "triage", "in_progress"],
  in_progress: ["to_do", "triage"],
  in_review: ["in_progress", "to_do", "triage"],
  done: ["done", "canceled"],
  canceled: ["canceled", "done"],
};

/** The same for a project whose workflow is labels. */
const labelled: Readonly<Record<"open" | "closed", readonly string[]>> = {
  open: ["to_do", "triage", "in_progress"],
  closed: ["done", "canceled"],
};

/**
 * How a group's custom statuses are read, and which ones moves set. A state's name and category determine its status; a status without a state is the nearest
 * state with its label. Labels count, too, if a project has both: an open issue with `workflow::in review` is in review. A project with GitLab's own five
 * statuses and workflow labels keeps working by the labels.
 */
export function lifecycleRules(
  states: readonly NativeState[],
  labels: readonly StatusLabel[],
  own: { readonly replaced: ReadonlySet<Status>; readonly labels: readonly Label[] },
): StatusRule[] {
  const isDefault = states.every(({ id }) => id.includes(":SystemDefined:"));
  const there = new Set(own.labels.map(({ name }) => foldName(name)));
  const byLabel = (status: Status) =>
    isDefault && labels.some((label) => label.status === status && there.has(foldName(label.name)));
  const ofStates = states.map((state) => ({ state, status: statusOfState(state, own.replaced) }));
  const isReached = (status: Status) => ofStates.some((one) => one.status === status && isGoal(one.state));

  const labelRules = labels.flatMap((label): StatusRule[] => {
    const { status, name, outward } = label;
    const home = homeOf(states, byLabel(status) ? labelled[isFinished(status) ? "closed" : "open"] : nearest[status]);
    const wanted = outward !== false && (byLabel(status) || !isReached(status));
    return ofStates
      .filter((one) => isClosed(one.state) === isClosed({ category: home?.category ?? "" }))
      .filter((one) => comesAfter(status, one.status))
      .map(({ state }) => ({
        stateId: state.id,
        label: name,
        status,
        origin: "detected",
        ...(wanted && state === home ? {} : { outward: false }),
      }));
  });
  const stateRules = ofStates.map(({ state, status }): StatusRule => ({
    stateId: state.id,
    status,
    origin: "detected",
    ...(isGoal(state) && !byLabel(status) ? {} : { outward: false }),
  }));
  return [...labelRules, ...stateRules];
}

/** Moves never set triage states or duplicates. */
function isGoal({ category, name }: NativeState): boolean {
  return category !== "triage" && foldName(name) !== "duplicate";
}

function homeOf(states: readonly NativeState[], categories: readonly string[]): NativeState | undefined {
  const goals = states.filter(isGoal);
  for (const category of categories) {
    const found = goals.find((state) => state.category === category);
    if (found !== undefined) return found;
  }
  return states[0];
}

function statusOfState({ category, name }: NativeState, replaced: ReadonlySet<Status>): Status {
  const folded = foldName(name);
  if (category === "done") return "done";
  if (category === "canceled") return "canceled";
  if (folded === "planning" && !replaced.has("planning")) return "planning";
  if (category !== "in_progress") return "backlog";
  return reviewNames.has(folded) && !replaced.has("in_review") ? "in_review" : "in_progress";
}

/** A label takes precedence over a state only if its status is further on. */
function comesAfter(said: Status, plain: Status): boolean {
  return statuses.indexOf(said) > statuses.indexOf(plain);
}
