import { z } from "zod";

// https://developer.atlassian.com/cloud/jira/platform/rest/v3/ and https://docs.atlassian.com/software/jira/docs/api/REST/latest/; only the fields that are
// used.

/** A time in Jira's format (`2026-11-22T10:00:00.000+0000`), parsed to milliseconds. */
const Time = z.string().transform((text, context) => {
  const time = readTime(text);
  if (time === null) context.addIssue({ code: "custom", message: `"${text}" is no time` });
  return time ?? 0;
});

/** Parses a time in Jira's format to milliseconds; null if invalid. Jira's offset lacks the colon that the standard requires. */
export function readTime(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const time = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(time) ? null : time;
}

const Id = z.union([z.string(), z.number()]).transform(String);

export const ServerInfo = z.object({
  baseUrl: z.string(),
  deploymentType: z.string().nullish(),
  version: z.string().nullish(),
});

export const TenantInfo = z.object({ cloudId: z.string() });

/** `accountId` in Cloud; `key` (immutable) and `name` in Data Center. */
export const User = z.object({
  accountId: z.string().nullish(),
  key: z.string().nullish(),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  avatarUrls: z.object({ "48x48": z.string().nullish() }).nullish(),
});
export type User = z.infer<typeof User>;

export const Project = z.object({ id: Id, key: z.string(), name: z.string() });
export type Project = z.infer<typeof Project>;

export const ProjectPage = z.object({ values: z.array(Project), isLast: z.boolean().nullish() });

const Category = z.object({ key: z.string() });

export const Status = z.object({ id: Id, name: z.string(), statusCategory: Category.nullish() });
export type Status = z.infer<typeof Status>;

export const IssueTypeStatuses = z.object({
  id: Id,
  name: z.string(),
  subtask: z.boolean().nullish(),
  statuses: z.array(Status),
});
export type IssueTypeStatuses = z.infer<typeof IssueTypeStatuses>;

export const Named = z.object({ id: Id, name: z.string() });
export type Named = z.infer<typeof Named>;

export const Field = z.object({
  id: z.string(),
  name: z.string().nullish(),
  schema: z.object({ custom: z.string().nullish() }).nullish(),
});
export type Field = z.infer<typeof Field>;

export const LabelPage = z.object({ values: z.array(z.string()), isLast: z.boolean().nullish() });

export const BoardPage = z.object({
  values: z.array(z.object({ id: Id, type: z.string().nullish() })),
  isLast: z.boolean().nullish(),
});

export const Sprint = z.object({
  id: Id,
  name: z.string(),
  state: z.string().nullish(),
  startDate: z.string().nullish(),
  endDate: z.string().nullish(),
});
export type Sprint = z.infer<typeof Sprint>;

export const SprintPage = z.object({ values: z.array(Sprint), isLast: z.boolean().nullish() });

const CreateType = z.object({
  id: Id,
  name: z.string(),
  subtask: z.boolean().nullish(),
  /** Cloud: 1 epics, 0 standard types, -1 sub-tasks. */
  hierarchyLevel: z.number().nullish(),
});
export type CreateType = z.infer<typeof CreateType>;

const Total = z.number().int().nullish();

/** A page. Cloud names the list after its content, Data Center calls it `values`. */
export const CreateTypes = z
  .object({ issueTypes: z.array(CreateType).nullish(), values: z.array(CreateType).nullish(), total: Total })
  .transform(({ issueTypes, values, total }) => ({ values: issueTypes ?? values ?? [], total }));

/** A field of a screen. */
export const FieldMeta = z.object({
  name: z.string(),
  required: z.boolean(),
  hasDefaultValue: z.boolean().nullish(),
  schema: z.object({
    type: z.string(),
    items: z.string().nullish(),
    system: z.string().nullish(),
    custom: z.string().nullish(),
  }),
  /** Options in the field's own format; not listed if there are many. */
  allowedValues: z.array(z.unknown()).nullish(),
});
export type FieldMeta = z.infer<typeof FieldMeta>;

const CreateField = FieldMeta.extend({ fieldId: z.string().nullish(), key: z.string().nullish() });

/** A page. Fields without an id cannot be filled and are dropped by the caller. */
export const CreateFields = z
  .object({ fields: z.array(CreateField).nullish(), values: z.array(CreateField).nullish(), total: Total })
  .transform(({ fields, values, total }) => ({
    values: (fields ?? values ?? []).map((field) => ({ ...field, id: field.fieldId ?? field.key ?? "" })),
    total,
  }));
export type CreateFields = z.infer<typeof CreateFields>["values"];

export const EditMeta = z.object({ fields: z.record(z.string(), FieldMeta) });

export const Transition = z.object({
  id: Id,
  name: z.string(),
  to: Status,
  fields: z.record(z.string(), FieldMeta).nullish(),
});
export type Transition = z.infer<typeof Transition>;

export const TransitionList = z.object({ transitions: z.array(Transition) });

export const Permissions = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean().nullish() })),
});

export const LinkTypes = z.object({
  issueLinkTypes: z.array(
    z.object({ id: Id, name: z.string(), inward: z.string().nullish(), outward: z.string().nullish() }),
  ),
});

export const CreatedIssue = z.object({ id: Id, key: z.string() });
export type CreatedIssue = z.infer<typeof CreatedIssue>;

const Properties = z.record(z.string(), z.unknown());

/** From a search: properties by key. */
export const WithProperties = z.object({ properties: Properties.nullish() });

export const EntityProperty = z.object({ key: z.string(), value: z.unknown() });

const Linked = z.object({
  id: Id,
  key: z.string(),
  fields: z.object({ summary: z.string().nullish() }).nullish(),
});
export type Linked = z.infer<typeof Linked>;

export const IssueLink = z.object({
  id: Id,
  type: z.object({ name: z.string(), inward: z.string().nullish(), outward: z.string().nullish() }),
  inwardIssue: Linked.nullish(),
  outwardIssue: Linked.nullish(),
});
export type IssueLink = z.infer<typeof IssueLink>;

/** The project of an issue. */
export const IssueAddressOf = z.object({ id: Id, key: z.string(), fields: z.object({ project: Project }) });

export const IssueWithLinks = z.object({ fields: z.object({ issuelinks: z.array(IssueLink).nullish() }) });

export const IssueWithText = z.object({ fields: z.object({ description: z.unknown().optional() }).nullish() });

export const Attachment = z.object({
  id: Id,
  filename: z.string(),
  content: z.string(),
  mimeType: z.string().nullish(),
  size: z.number().nullish(),
});
export type Attachment = z.infer<typeof Attachment>;

export const Issue = z.object({
  id: Id,
  key: z.string(),
  /** Entity properties, if requested; Data Center's lists contain none. */
  properties: Properties.nullish().catch(null),
  fields: z.looseObject({
    summary: z.string(),
    /** A document in v3, wiki markup in v2. */
    description: z.unknown().optional(),
    project: Project,
    issuetype: Named,
    status: Status,
    resolution: Named.nullish(),
    priority: Named.nullish(),
    labels: z.array(z.string()).nullish(),
    assignee: User.nullish(),
    creator: User.nullish(),
    reporter: User.nullish(),
    parent: Linked.nullish(),
    created: Time,
    updated: Time,
    resolutiondate: Time.nullish(),
    statuscategorychangedate: Time.nullish(),
    duedate: z.string().nullish(),
    issuelinks: z.array(IssueLink).nullish(),
    attachment: z.array(Attachment).nullish(),
  }),
});
export type Issue = z.infer<typeof Issue>;

/** Cloud: `nextPageToken` until the last page. Data Center: `startAt` and `total`. */
export const SearchAnswer = z.object({
  issues: z.array(z.unknown()),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().nullish(),
  startAt: z.number().nullish(),
  total: z.number().nullish(),
});

export const Count = z.object({ count: z.number() });

export const Comment = z.object({
  id: Id,
  author: User.nullish(),
  body: z.unknown().optional(),
  created: Time,
  updated: Time,
});
export type Comment = z.infer<typeof Comment>;

/** A comment with its entity properties, if requested. */
export const MarkedComment = Comment.extend({ properties: z.array(EntityProperty).nullish() });
export type MarkedComment = z.infer<typeof MarkedComment>;

export const MarkedCommentPage = z.object({
  comments: z.array(MarkedComment).nullish(),
  values: z.array(MarkedComment).nullish(),
});

export const CommentPage = z.object({ comments: z.array(Comment), total: z.number().nullish() });
