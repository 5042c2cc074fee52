import { z } from "zod";

// https://docs.gitlab.com/api/graphql/reference/; only the fields that are used. Widgets are one list, each with its own fields.

const Page = z.object({ hasNextPage: z.boolean() });

export const Status = z.object({
  id: z.string(),
  name: z.string(),
  /** `TO_DO`, `IN_PROGRESS`, …; may be extended. */
  category: z.string().nullish(),
  position: z.number().nullish(),
});
export type Status = z.infer<typeof Status>;

/** An issue, or an epic of the group. */
const OtherItem = z.object({
  id: z.string(),
  iid: z.string(),
  title: z.string(),
  webUrl: z.string().nullish(),
});
export type OtherItem = z.infer<typeof OtherItem>;

const Widget = z.object({
  parent: OtherItem.nullish(),
  linkedItems: z
    .object({
      nodes: z.array(z.object({ linkId: z.string(), linkType: z.string(), workItem: OtherItem.nullish() })),
      pageInfo: Page,
    })
    .nullish(),
  status: Status.nullish(),
});

export const WorkItem = z.object({
  id: z.string(),
  state: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullish(),
  widgets: z.array(Widget).nullish(),
});
export type WorkItem = z.infer<typeof WorkItem>;

export const WorkItemPage = z.object({
  project: z.object({ workItems: z.object({ nodes: z.array(WorkItem.nullable()) }).nullish() }).nullish(),
});

const Definition = z.object({
  type: z.string(),
  allowsMultipleAssignees: z.boolean().nullish(),
  canInviteMembers: z.boolean().nullish(),
  allowedStatuses: z.array(Status).nullish(),
  defaultOpenStatus: z.object({ id: z.string() }).nullish(),
  defaultClosedStatus: z.object({ id: z.string() }).nullish(),
});

export const WorkItemType = z.object({ name: z.string(), widgetDefinitions: z.array(Definition).nullish() });
export type WorkItemType = z.infer<typeof WorkItemType>;

export const TypePage = z.object({
  project: z.object({ workItemTypes: z.object({ nodes: z.array(WorkItemType) }).nullish() }).nullish(),
});

export const Update = z.object({
  workItemUpdate: z.object({ errors: z.array(z.string()), workItem: WorkItem.nullish() }).nullish(),
});

/** Any GraphQL response. `code` identifies what this server does not support. */
export const Answer = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string().nullish() }).nullish() }))
    .nullish(),
});
