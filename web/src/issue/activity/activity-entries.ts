import type { CommentShape, IssueDetailShape } from "../../../../src/server/contract/issue.ts";

export type HistoryLine = IssueDetailShape["history"][number];

export type ActivityEntry =
  | { readonly kind: "comment"; readonly at: string; readonly comment: CommentShape }
  | { readonly kind: "line"; readonly at: string; readonly line: HistoryLine };

/** Comments, given oldest first, and history, given newest first, as one list, newest first. */
export function activityEntries(
  comments: readonly CommentShape[],
  history: readonly HistoryLine[],
): readonly ActivityEntry[] {
  // Imports and bots write many comments in the same second; the tracker's order decides then.
  return [
    ...comments.map((comment): ActivityEntry => ({ kind: "comment", at: comment.createdAt, comment })).toReversed(),
    ...history.map((line): ActivityEntry => ({ kind: "line", at: line.at, line })),
  ].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
