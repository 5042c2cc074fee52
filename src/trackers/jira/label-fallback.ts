import type { NativeState } from "../../domain/issue.ts";
import type { StatusRule } from "../../domain/mapping.ts";
import type { Status } from "../../domain/status.ts";

/**
 * Where a status without a state of its own lives: in the nearest status, by category, with a label named like it. Labels are single words in Jira. Every
 * workflow has something open and something finished.
 */
const nearest: readonly { readonly status: Status; readonly label: string; readonly categories: readonly string[] }[] =
  [
    { status: "planning", label: "planning", categories: ["new", "indeterminate"] },
    { status: "in_review", label: "in-review", categories: ["indeterminate", "new"] },
    { status: "in_progress", label: "in-progress", categories: ["new"] },
    { status: "backlog", label: "backlog", categories: ["indeterminate"] },
  ];

/** Rules for the statuses that none of these rules leads to. They come before the rules of the states alone, which would hide them. */
export function labelFallbacks(states: readonly NativeState[], rules: readonly StatusRule[]): StatusRule[] {
  const withLabel = (status: Status, label: string, own: readonly NativeState[]) =>
    own.map((state): StatusRule => ({ stateId: state.id, label, status, origin: "detected" }));
  const found = nearest.flatMap(({ status, label, categories }) => {
    if (rules.some((rule) => rule.status === status && rule.outward !== false)) return [];
    const category = categories.find((one) => states.some((state) => state.category === one));
    const near = states.filter((state) => state.category === category);
    // Planning is nearest to the last status before the work.
    return withLabel(status, label, status === "planning" ? near.toReversed() : near);
  });
  // How an issue is resolved can be said by the transitions that ask for it alone: many workflows have none.
  const finished = states.filter(({ id, category }) => category === "done" && !id.includes(":"));
  return [...found, ...withLabel("canceled", "canceled", finished)];
}
