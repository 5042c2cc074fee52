import type { IssueType } from "../../domain/operation.ts";

const always = ["title", "body", "state", "priority", "dueDate", "parent", "labels", "assignees"] as const;

/** Linear has one type of issue. Whether it has estimates and cycles is a setting of the team. */
export function toIssueTypes(team: {
  readonly cyclesEnabled?: boolean | null | undefined;
  readonly issueEstimationType?: string | null | undefined;
}): readonly IssueType[] {
  const has: NonNullable<IssueType["has"]> = [
    ...always,
    ...(team.cyclesEnabled === false ? [] : (["cycle"] as const)),
    // https://linear.app/docs/estimates: `notUsed` for teams without estimates.
    ...(team.issueEstimationType === "notUsed" ? [] : (["estimate"] as const)),
  ];
  return [{ name: "issue", creatable: true, needsParent: false, has, fields: [] }];
}
