import type { Selection } from "./selection.ts";

/** Relations that come with the list; issues with more are asked for again. */
export const inlineRelations = 5;
/** Relations read at once in each direction; the rest is followed. */
export const allRelations = 50;
/** Attachments read at once; the rest is followed. Asked for with one issue alone: in the list they would make every page smaller. */
const firstAttachments = 50;

export const attachment: Selection = ["id", "title", "url"];

export const user: Selection = ["id", "name", "displayName", "avatarUrl"];

/** Who wrote what no user of the workspace wrote: somebody known through an integration, or an integration itself. */
const outsideAuthor = (externalUser: string): Selection => [
  { name: externalUser, fields: user },
  { name: "botActor", fields: ["id", "type", "name", "userDisplayName", "avatarUrl"] },
];

/** How another issue is called. */
const named: Selection = ["id", "identifier", "title", "url"];

/** A relation as one of its two directions names it. */
export const relationFields = (other: Selection) => ({
  relations: ["id", "type", { name: "relatedIssue", fields: other }] satisfies Selection,
  inverseRelations: ["id", "type", { name: "issue", fields: other }] satisfies Selection,
});

/** The relations of an issue in both directions; `paged`: with what tells whether there are more. */
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

/** Label ids instead of labels: a scalar costs a tenth of an object, and no connection is multiplied. */
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

/** One issue with all that `read` gives of it, as far as one answer holds it; what a change answers with too. */
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
