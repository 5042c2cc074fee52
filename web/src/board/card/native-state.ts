import { foldName } from "../../../../src/domain/fold-name.ts";
import { statusLabels } from "../../../../src/domain/status.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";

/**
 * The native state, unless it adds nothing to the column's name. Open and closed are no workflow states: there the column comes from a label, which the card
 * shows anyway.
 */
export function nativeStateBeside(issue: Pick<IssueShape, "status" | "nativeState">): string | null {
  const { name, category } = issue.nativeState;
  if (["open", "opened", "closed"].includes(category.toLowerCase())) return null;
  return foldName(name) === foldName(statusLabels[issue.status]) ? null : name;
}
