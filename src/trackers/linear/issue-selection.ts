import type { Selection } from "./selection.ts";

/** Relations that come with the list; issues with more are asked for again. */
export const inlineRelations = 5;
export const allRelations = 50;
/** Asked for with one issue alone: in the list they would make every page smaller. */
const mostAttachments = 50;

export const user: Selection = ["id", "name", "displayName", "avatarUrl"];

export function relations(first: number): Selection {
  return [
    { name: "relations", first, fields: ["id", "type", { name: "relatedIssue", fields: ["id"] }] },
    { name: "inverseRelations", first, fields: ["id", "type", { name: "issue", fields: ["id"] }] },
  ];
}

const issueScalars =
  "id identifier previousIdentifiers url title description priority labelIds dueDate estimate createdAt updatedAt completedAt canceledAt trashed".split(
    " ",
  );

/** Label ids instead of labels: a scalar costs a tenth of an object, and no connection is multiplied. */
export function issue(relationsFirst: number): Selection {
  return [
    ...issueScalars,
    { name: "state", fields: ["id", "name", "type", "position"] },
    { name: "assignee", fields: user },
    { name: "creator", fields: user },
    { name: "parent", fields: ["id", "identifier", "title", "url"] },
    { name: "cycle", fields: ["id", "name", "number", "startsAt", "endsAt"] },
    ...relations(relationsFirst),
  ];
}

/** One issue with all that `read` gives of it; what a change answers with too. */
export const wholeIssue: Selection = [
  ...issue(allRelations),
  { name: "team", fields: ["id", "key"] },
  { name: "attachments", first: mostAttachments, fields: ["id", "title", "url"] },
];

export const comment: Selection = ["id", "body", "createdAt", "updatedAt", { name: "user", fields: user }];
