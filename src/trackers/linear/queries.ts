import {
  allRelations,
  attachment,
  comment,
  inlineRelations,
  issue,
  relationFields,
  relations,
  user,
  wholeIssue,
} from "./issue-selection.ts";
import { pageSizeFor, type Selection, toText } from "./selection.ts";

/** A GraphQL document, with the largest page size that its complexity allows. */
export type Query = { readonly document: string; readonly pageSize: number };

/** Part of every page, to check that the team still exists and is readable. */
const team: Selection = [{ name: "teams", first: 1, args: "filter: $team", fields: ["id"] }];

function operation(head: string, selection: Selection): Query {
  return { document: `query ${head} { ${toText(selection)} }`, pageSize: pageSizeFor(selection) };
}

export const viewerQuery = operation("Viewer", [
  { name: "viewer", fields: ["id", "name", "displayName", "guest"] },
  { name: "organization", fields: ["id", "name", "urlKey"] },
]);

export const teamsQuery = operation("Teams($first: Int!, $after: String)", [
  { name: "teams", first: "$first", args: "after: $after", paged: true, fields: ["id", "key", "name"] },
]);

export const teamIdQuery = operation("TeamId($team: TeamFilter!)", team);

/** A team with its vocabulary. Further members and cycles are read page by page. */
export const teamQuery = operation("Team($team: TeamFilter!)", [
  {
    name: "teams",
    first: 1,
    args: "filter: $team",
    fields: [
      "id",
      "key",
      "name",
      "cyclesEnabled",
      "issueEstimationType",
      { name: "parent", fields: ["id", { name: "parent", fields: ["id"] }] },
      { name: "states", first: 100, paged: true, fields: ["id", "name", "type", "position"] },
      { name: "members", first: 100, paged: true, fields: user },
      { name: "cycles", first: 100, paged: true, fields: ["id", "name", "number", "startsAt", "endsAt"] },
    ],
  },
  { name: "issuePriorityValues", fields: ["priority", "label"] },
  { name: "organization", fields: ["urlKey"] },
]);

export const statesQuery = operation("States($filter: WorkflowStateFilter!, $first: Int!, $after: String)", [
  {
    name: "workflowStates",
    first: "$first",
    args: "after: $after, filter: $filter",
    paged: true,
    fields: ["id", "name", "type", "position"],
  },
]);

export const membersQuery = operation("Members($team: String!, $first: Int!, $after: String)", [
  {
    name: "team",
    args: "id: $team",
    fields: [{ name: "members", first: "$first", args: "after: $after", paged: true, fields: user }],
  },
]);

export const cyclesQuery = operation("Cycles($team: String!, $first: Int!, $after: String)", [
  {
    name: "team",
    args: "id: $team",
    fields: [
      {
        name: "cycles",
        first: "$first",
        args: "after: $after",
        paged: true,
        fields: ["id", "name", "number", "startsAt", "endsAt"],
      },
    ],
  },
]);

export const labelsQuery = operation("Labels($filter: IssueLabelFilter!, $first: Int!, $after: String)", [
  {
    name: "issueLabels",
    first: "$first",
    args: "after: $after, filter: $filter",
    paged: true,
    fields: ["id", "name", "color", "isGroup"],
  },
]);

/** Labels by name, with what determines whether the team's issues can have them. */
export const labelsByNameQuery = operation("LabelsByName($team: TeamFilter!, $filter: IssueLabelFilter!)", [
  {
    name: "teams",
    first: 1,
    args: "filter: $team",
    fields: ["id", { name: "parent", fields: ["id", { name: "parent", fields: ["id"] }] }],
  },
  {
    name: "issueLabels",
    first: 250,
    args: "filter: $filter",
    fields: ["id", "name", "color", "isGroup", { name: "team", fields: ["id"] }],
  },
]);

/** Which labels exclude each other, and the issue's current labels. */
export const labelGroupsQuery = operation("LabelGroups($filter: IssueLabelFilter!, $issue: IssueFilter!)", [
  { name: "issues", first: 1, args: "filter: $issue, includeArchived: true", fields: ["labelIds"] },
  {
    name: "issueLabels",
    first: 250,
    args: "filter: $filter",
    fields: ["id", { name: "parent", fields: ["id"] }],
  },
]);

const issueList = "filter: $filter, orderBy: updatedAt, includeArchived: true";

export const issuesQuery = operation(
  "Issues($team: TeamFilter!, $filter: IssueFilter!, $first: Int!, $after: String)",
  [
    ...team,
    {
      name: "issues",
      first: "$first",
      args: `after: $after, ${issueList}`,
      paged: true,
      fields: issue(inlineRelations),
    },
  ],
);

/** Only ids, in order of creation, which no change affects. */
export const idsQuery = operation("IssueIds($team: TeamFilter!, $filter: IssueFilter!, $first: Int!, $after: String)", [
  ...team,
  {
    name: "issues",
    first: "$first",
    args: "after: $after, filter: $filter, orderBy: createdAt, includeArchived: true",
    paged: true,
    fields: ["id", "identifier", "trashed"],
  },
]);

export const issueQuery = operation("Issue($team: TeamFilter!, $filter: IssueFilter!)", [
  ...team,
  {
    name: "issues",
    first: 1,
    args: issueList,
    fields: wholeIssue,
  },
]);

export const relationsQuery = operation("Relations($filter: IssueFilter!, $first: Int!)", [
  { name: "issues", first: "$first", args: issueList, fields: ["id", ...relations(allRelations, ["id"], true)] },
]);

/** More relations of an issue, in one direction. */
const moreRelations = (name: string, side: "relations" | "inverseRelations") =>
  operation(`${name}($filter: IssueFilter!, $first: Int!, $after: String)`, [
    {
      name: "issues",
      first: 1,
      args: issueList,
      fields: [
        { name: side, first: "$first", args: "after: $after", paged: true, fields: relationFields(["id"])[side] },
      ],
    },
  ]);

export const moreRelationsQuery = moreRelations("MoreRelations", "relations");
export const moreInverseRelationsQuery = moreRelations("MoreInverseRelations", "inverseRelations");

/** More attachments of an issue. */
export const moreAttachmentsQuery = operation("MoreAttachments($filter: IssueFilter!, $first: Int!, $after: String)", [
  {
    name: "issues",
    first: 1,
    args: issueList,
    fields: [{ name: "attachments", first: "$first", args: "after: $after", paged: true, fields: attachment }],
  },
]);

export const commentsQuery = operation("Comments($filter: CommentFilter!, $first: Int!, $after: String)", [
  {
    name: "comments",
    first: "$first",
    args: "after: $after, filter: $filter, orderBy: createdAt",
    paged: true,
    fields: comment,
  },
]);
