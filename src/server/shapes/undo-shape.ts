import type { Undone } from "../../changes/changes.ts";
import type { UndoResultShape } from "../contract/change.ts";
import { toProblem } from "../problem.ts";

/** What an undo did, as the API answers it. */
export function toUndoResultShape({ ref, operation, what, problems }: Undone): UndoResultShape {
  return { ref, operation, what, problems: problems.map(toProblem) };
}
