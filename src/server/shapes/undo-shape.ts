import type { Undone } from "../../changes/changes.ts";
import type { UndoResultShape } from "../contract/change.ts";
import { toProblem } from "../problem.ts";

/** The result of an undo as the API returns it. */
export function toUndoResultShape({ ref, operation, what, problems }: Undone): UndoResultShape {
  return { ref, operation, what, problems: problems.map(toProblem) };
}
