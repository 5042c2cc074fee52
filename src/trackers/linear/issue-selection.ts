import type { Selection } from "./selection.ts";

/** Relations included in the list; they are fetched separately for issues with more. */
export const inlineRelations = 5;
/** Relations read at once in each direction; the rest is read page by page. */
export const allRelations = 50;
/** Attachments read at once; the rest is read page by page. Only selected for single issues, because in the list they would make every page smaller. */
const firstAttachments = 50;

export const attachment: Selection = ["id", "title", "url"];

export const user: Selection = ["id", "name", "displayName", "avatarUrl"];

/** The author if it is no user of the workspace: a person known through an integration, or the integration itself. */
const outsideAuthor = (externalUser: string): Selection => [
  { name: externalUser, fields: user },
  { name: "botActor", fields: ["id", "type", "name", "userDisplayName", "avatarUrl"] },
];

/** What identifies another issue to people. */
const named: Selection = ["id", "identifier", "title", "url"];

/** The fields of a relation in either direction. */
export const relationFields = (other: Selection) => ({
  relations: ["id", "type", { name: "relatedIssue", fields: other }] satisfies Selection,
  inverseRelations: ["id", "type", { name: "issue", fields: other }] satisfies Selection,
});

/** An issue's relations in both directions; `paged` also selects whether there are more. */
export function relations(first: number, other: Selection = ["id"], paged = false): Selection {
  const fields = relationFields(other);
  return [
    { name: "relations", first, paged, fields: fields.relations },
    { name: "inverseRelations", first, paged, fields: fields.inverseRelations },
  ];
}

const issueScalars =
  "id identifier previousIdentifiers url title description priority labelIds dueDate estimate createdAt updatedAt completedAt canceledAt trashed".split(
    " ",
  );

/** Selects label ids instead of labels: a scalar costs a tenth of an object, and no connection is multiplied. */
export function issue(relationsFirst: number, other?: Selection): Selection {
  return [
    ...issueScalars,
    { name: "state", fields: ["id", "name", "type", "position"] },
    { name: "assignee", fields: user },
    { name: "creator", fields: user },
    ...outsideAuthor("externalUserCreator"),
    { name: "parent", fields: named },
    { name: "cycle", fields: ["id", "name", "number", "startsAt", "endsAt"] },
    ...relations(relationsFirst, other),
  ];
}

/** An issue with everything `read` returns, as far as one response holds it; mutations return the same. */
export const wholeIssue: Selection = [
  ...issue(allRelations, named),
  { name: "team", fields: ["id", "key"] },
  { name: "attachments", first: firstAttachments, paged: true, fields: attachment },
];

export const comment: Selection = [
  "id",
  "body",
  "createdAt",
  "updatedAt",
  { name: "parent", fields: ["id"] },
  { name: "user", fields: user },
  ...outsideAuthor("externalUser"),
];
