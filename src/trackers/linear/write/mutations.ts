import { comment, wholeIssue } from "../issue-selection.ts";
import { type Selection, toText } from "../selection.ts";

/** A GraphQL mutation. Every payload tells whether it succeeded; those of issues contain the whole issue, which becomes the new base. */
export type Mutation = { readonly document: string };

function mutation(head: string, name: string, args: string, answer: Selection = []): Mutation {
  const selection: Selection = [{ name, args, fields: ["success", ...answer] }];
  return { document: `mutation ${head} { ${toText(selection)} }` };
}

export const createIssue = mutation("CreateIssue($input: IssueCreateInput!)", "issueCreate", "input: $input", [
  { name: "issue", fields: wholeIssue },
]);

export const updateIssue = mutation(
  "UpdateIssue($id: String!, $input: IssueUpdateInput!)",
  "issueUpdate",
  "id: $id, input: $input",
  [{ name: "issue", fields: wholeIssue }],
);

/** Updates nothing in an issue that does not exist: the reason of the refusal, the issue or the key, tells what the key may do. */
export const probe = mutation("Probe($id: String!)", "issueUpdate", "id: $id, input: {}");

export const createComment = mutation("CreateComment($input: CommentCreateInput!)", "commentCreate", "input: $input", [
  { name: "comment", fields: comment },
]);

export const updateComment = mutation(
  "UpdateComment($id: String!, $input: CommentUpdateInput!)",
  "commentUpdate",
  "id: $id, input: $input",
  [{ name: "comment", fields: comment }],
);

export const deleteComment = mutation("DeleteComment($id: String!)", "commentDelete", "id: $id");

export const createRelation = mutation(
  "CreateRelation($input: IssueRelationCreateInput!)",
  "issueRelationCreate",
  "input: $input",
);

export const deleteRelation = mutation("DeleteRelation($id: String!)", "issueRelationDelete", "id: $id");

export const createLabel = mutation(
  "CreateLabel($input: IssueLabelCreateInput!)",
  "issueLabelCreate",
  "input: $input",
  [{ name: "issueLabel", fields: ["id", "name", "color"] }],
);

export const createState = mutation(
  "CreateState($input: WorkflowStateCreateInput!)",
  "workflowStateCreate",
  "input: $input",
  [{ name: "workflowState", fields: ["id"] }],
);
