import { foldName } from "../../../../src/domain/fold-name.ts";
import { statusLabels } from "../../../../src/domain/status.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";

/**
 * The tracker's own state where it says something that the column does not. Open and closed are no workflow:
 * there the column comes from a label, which the card shows anyway.
 */
export function nativeStateBeside(issue: Pick<IssueShape, "status" | "nativeState">): string | null {
  const { name, category } = issue.nativeState;
  if (["open", "opened", "closed"].includes(category.toLowerCase())) return null;
  return foldName(name) === foldName(statusLabels[issue.status]) ? null : name;
}
