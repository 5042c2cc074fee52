import type { NativeState } from "../../domain/issue.ts";
import type { StatusRule } from "../../domain/mapping.ts";
import type { Status } from "../../domain/status.ts";

/**
 * For a status without a state of its own: the nearest state, by type, with a label named like the status. Every team has a backlog, an unstarted, a started, a
 * completed and a canceled state (https://linear.app/docs/configuring-workflows).
 */
const nearest: readonly { readonly status: Status; readonly label: string; readonly types: readonly string[] }[] = [
  { status: "planning", label: "planning", types: ["unstarted", "backlog", "started"] },
  { status: "in_progress", label: "in progress", types: ["started", "unstarted"] },
  { status: "in_review", label: "in review", types: ["started", "unstarted"] },
];

/** Rules for the statuses that none of these rules leads to. They must precede the rules for states alone, which would hide them. */
export function labelFallbacks(states: readonly NativeState[], rules: readonly StatusRule[]): StatusRule[] {
  return nearest.flatMap(({ status, label, types }): StatusRule[] => {
    if (rules.some((rule) => rule.status === status && rule.outward !== false)) return [];
    const state = types
      .map((type) => states.find(({ category }) => category === type))
      .find((found) => found !== undefined);
    return state === undefined ? [] : [{ stateId: state.id, label, status, origin: "detected" }];
  });
}
