import type { NativeState } from "../../domain/issue.ts";
import type { StatusRule } from "../../domain/mapping.ts";
import type { Status } from "../../domain/status.ts";

/**
 * For a status without a state of its own: the nearest state, by category, with a label named like the status. Jira's labels are single words. Every workflow
 * has an open and a finished state.
 */
const nearest: readonly { readonly status: Status; readonly label: string; readonly categories: readonly string[] }[] =
  [
    { status: "planning", label: "planning", categories: ["new", "indeterminate"] },
    { status: "in_review", label: "in-review", categories: ["indeterminate", "new"] },
    { status: "in_progress", label: "in-progress", categories: ["new"] },
    { status: "backlog", label: "backlog", categories: ["indeterminate"] },
  ];

/** Rules for the statuses that none of these rules leads to. They must precede the rules for states alone, which would hide them. */
export function labelFallbacks(states: readonly NativeState[], rules: readonly StatusRule[]): StatusRule[] {
  const withLabel = (status: Status, label: string, own: readonly NativeState[]) =>
    own.map((state): StatusRule => ({ stateId: state.id, label, status, origin: "detected" }));
  const found = nearest.flatMap(({ status, label, categories }) => {
    if (rules.some((rule) => rule.status === status && rule.outward !== false)) return [];
    const category = categories.find((one) => states.some((state) => state.category === one));
    const near = states.filter((state) => state.category === category);
    // Planning is closest to the last state before the work starts.
    return withLabel(status, label, status === "planning" ? near.toReversed() : near);
  });
  // Only transitions that ask for a resolution can set one: many workflows have none.
  const finished = states.filter(({ id, category }) => category === "done" && !id.includes(":"));
  return [...found, ...withLabel("canceled", "canceled", finished)];
}
