import type { Settled } from "../../changes/changes.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { Store } from "../../store/store.ts";
import type { BulkResultShape } from "../contract/change.ts";
import { toProblem } from "../problem.ts";
import { toIssueShape } from "./issue-shape.ts";

/** The result for each of several issues, which may have left the mirror meanwhile. */
export async function toBulkResults(
  settled: readonly Settled[],
  { board }: Pick<Store, "board">,
): Promise<BulkResultShape["results"]> {
  const results: BulkResultShape["results"] = [];
  for (const { issueId, ref, error } of settled) {
    const card = await board.card(issueId).catch((missing: unknown) => {
      if (isPanopticonError(missing) && missing.code === "not_found") return null;
      throw missing;
    });
    const issue = error === null && card !== null ? toIssueShape(card) : null;
    results.push({ ref, ok: error === null, problem: error === null ? null : toProblem(error), issue });
  }
  return results;
}
