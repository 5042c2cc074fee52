import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import type { Kind } from "../workflow.ts";

/** The kind and type path of an item, by its state: `feature:none` is a portfolio item at `portfolioitem/feature`. */
export function kindOfItem({ stateId }: Pick<NativeIssue, "stateId">): { readonly kind: Kind; readonly path: string } {
  const [word = ""] = stateId.split(":");
  switch (word) {
    case "story":
      return { kind: "story", path: "hierarchicalrequirement" };
    case "defect":
      return { kind: "defect", path: "defect" };
    case "task":
      return { kind: "task", path: "task" };
    default:
      return { kind: "portfolio", path: `portfolioitem/${word}` };
  }
}

/**
 * The attributes that set a state: columns and portfolio states by ObjectID, others by name. Throws `invalid_input` for a state that this type does not have.
 */
export function toStateAttributes(stateId: string, path: string): Readonly<Record<string, unknown>> {
  const item = kindOfItem({ stateId });
  const rest = stateId.slice(stateId.indexOf(":") + 1);
  if (item.path !== path || rest === "" || !stateId.includes(":")) {
    throw new PanopticonError("invalid_input", `"${stateId}" is not a state this item can have in Rally.`, {
      tracker: "rally",
      field: "status",
      hint: "Choose one of the states of its type.",
    });
  }
  switch (item.kind) {
    case "story":
      return toColumn(rest);
    case "defect": {
      const colon = rest.lastIndexOf(":");
      return { State: rest.slice(0, colon), ...toColumn(rest.slice(colon + 1)) };
    }
    case "task":
      return { State: rest };
    case "portfolio":
      return { State: rest === "none" ? null : { _ref: `/state/${rest}` } };
  }
}

/** A project without columns only has schedule states. A column implies the schedule state. */
function toColumn(column: string): Readonly<Record<string, unknown>> {
  return /^\d+$/.test(column) ? { FlowState: { _ref: `/flowstate/${column}` } } : { ScheduleState: column };
}
