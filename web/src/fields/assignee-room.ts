import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";

type Assigned = Pick<IssueShape, "ref" | "source" | "assignees">;
type Form = Pick<SourceFormShape, "source" | "mostAssignees">;

/**
 * Why a person cannot be assigned to all of these issues: one of them has as many assignees as its tracker allows. Where that is one, the present one is
 * replaced instead.
 */
export function refusedAssignee(
  login: string,
  issues: readonly Assigned[],
  forms: readonly Form[],
  labelOf: (issue: Assigned) => string,
): string | undefined {
  for (const issue of issues) {
    const most = forms.find(({ source }) => source === issue.source)?.mostAssignees ?? null;
    const isFull = most !== null && most > 1 && issue.assignees.length >= most;
    if (!isFull || issue.assignees.some((person) => person.login === login)) continue;
    return issues.length === 1 ? fullWords(labelOf(issue), most) : `${issue.ref} has ${most} already`;
  }
  return undefined;
}

/** `GitHub allows 10` */
export function fullWords(label: string, most: number): string {
  return `${label} allows ${most}`;
}
