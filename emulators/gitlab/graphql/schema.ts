import { buildSchema, type GraphQLSchema } from "graphql";

/** The emulated part of GitLab's GraphQL API. https://docs.gitlab.com/api/graphql/reference/ `choice`: the arguments of the field `widgets`. */
const shared = (choice: "" | "(onlyTypes: [WorkItemWidgetType!])") => /* GraphQL */ `
  scalar Date
  scalar IssueID
  scalar MilestoneID
  scalar Time
  scalar WorkItemID
  scalar WorkItemsTypeID
  type Issue {
    id: ID!
    iid: ID!
    title: String!
    webUrl: String!
  }
  type PageInfo {
    endCursor: String
    hasNextPage: Boolean!
  }
  type Project {
    fullPath: ID!
    id: ID!
    workItems(after: String, first: Int, iids: [String!]): WorkItemConnection
    workItemTypes(after: String, first: Int): WorkItemTypeConnection
  }
  type WorkItem {
    closedAt: Time
    id: WorkItemID!
    iid: String!
    state: WorkItemState!
    title: String!
    updatedAt: Time!
    webUrl: String
    widgets${choice}: [WorkItemWidget!]
    workItemType: WorkItemType!
  }
  type WorkItemConnection {
    nodes: [WorkItem]
    pageInfo: PageInfo!
  }
  enum WorkItemState {
    CLOSED
    OPEN
  }
  type WorkItemTypeConnection {
    nodes: [WorkItemType]
    pageInfo: PageInfo!
  }
  enum WorkItemWidgetType {
    ASSIGNEES
    DESCRIPTION
    HIERARCHY
    ITERATION
    LABELS
    LINKED_ITEMS
    MILESTONE
    NOTES
    START_AND_DUE_DATE
    STATUS
    WEIGHT
  }
  interface WorkItemWidget {
    type: WorkItemWidgetType
  }
  type WorkItemWidgetGeneric implements WorkItemWidget {
    type: WorkItemWidgetType
  }
  type WorkItemWidgetHierarchy implements WorkItemWidget {
    parent: WorkItem
    type: WorkItemWidgetType
  }
  input WorkItemWidgetHierarchyUpdateInput {
    adjacentWorkItemId: WorkItemID
    childrenIds: [WorkItemID!]
    parentId: WorkItemID
  }
  input WorkItemWidgetMilestoneInput {
    milestoneId: MilestoneID
  }
  input WorkItemUpdateInput {
    hierarchyWidget: WorkItemWidgetHierarchyUpdateInput
    id: WorkItemID!
    milestoneWidget: WorkItemWidgetMilestoneInput
  }
  type WorkItemUpdatePayload {
    clientMutationId: String
    errors: [String!]!
    workItem: WorkItem
  }
  type Query {
    issue(id: IssueID!): Issue
    project(fullPath: ID!): Project
    workItem(id: WorkItemID!): WorkItem
  }
  type Mutation {
    workItemUpdate(input: WorkItemUpdateInput!): WorkItemUpdatePayload
  }
`;

const before = /* GraphQL */ `
  type WorkItemType {
    id: WorkItemsTypeID!
    name: String!
  }
`;

/** Not in the Community Edition. */
const paid = /* GraphQL */ `
  scalar IterationID
  type Iteration {
    id: ID!
  }
  type WorkItemWidgetIteration implements WorkItemWidget {
    iteration: Iteration
    type: WorkItemWidgetType
  }
  input WorkItemWidgetIterationInput {
    iterationId: IterationID
  }
  extend input WorkItemUpdateInput {
    iterationWidget: WorkItemWidgetIterationInput
  }
`;

/** Linked items were added in 16.3, widget definitions in 16.7. */
const from17 = /* GraphQL */ `
  scalar WorkItemsRelatedWorkItemLinkID
  type LinkedWorkItemType {
    linkId: WorkItemsRelatedWorkItemLinkID!
    linkType: String!
    workItem: WorkItem
  }
  type LinkedWorkItemTypeConnection {
    nodes: [LinkedWorkItemType]
    pageInfo: PageInfo!
  }
  type WorkItemType {
    id: WorkItemsTypeID!
    name: String!
    widgetDefinitions: [WorkItemWidgetDefinition!]
  }
  interface WorkItemWidgetDefinition {
    type: WorkItemWidgetType!
  }
  type WorkItemWidgetDefinitionAssignees implements WorkItemWidgetDefinition {
    canInviteMembers: Boolean!
    type: WorkItemWidgetType!
  }
  type WorkItemWidgetDefinitionGeneric implements WorkItemWidgetDefinition {
    type: WorkItemWidgetType!
  }
  type WorkItemWidgetLinkedItems implements WorkItemWidget {
    linkedItems(after: String, first: Int): LinkedWorkItemTypeConnection
    type: WorkItemWidgetType
  }
`;

/** Additions in the paid editions, whatever a project's plan. https://gitlab.com/gitlab-org/gitlab/-/merge_requests/136616 */
const paidFrom17 = /* GraphQL */ `
  extend type WorkItemWidgetDefinitionAssignees {
    allowsMultipleAssignees: Boolean!
  }
  extend type WorkItemWidgetLinkedItems {
    blocked: Boolean
    blockedByCount: Int
    blockingCount: Int
  }
`;

/** Statuses were added in 18.2, in paid editions. */
const from18 = /* GraphQL */ `
  scalar WorkItemsStatusesStatusID
  type WorkItemStatus {
    category: WorkItemStatusCategoryEnum
    color: String
    id: WorkItemsStatusesStatusID
    name: String
    position: Int
  }
  enum WorkItemStatusCategoryEnum {
    CANCELED
    DONE
    IN_PROGRESS
    TO_DO
    TRIAGE
  }
  type WorkItemWidgetDefinitionStatus implements WorkItemWidgetDefinition {
    allowedStatuses: [WorkItemStatus!]
    defaultClosedStatus: WorkItemStatus
    defaultOpenStatus: WorkItemStatus
    type: WorkItemWidgetType!
  }
  type WorkItemWidgetStatus implements WorkItemWidget {
    status: WorkItemStatus
    type: WorkItemWidgetType
  }
  input WorkItemWidgetStatusInput {
    status: WorkItemsStatusesStatusID
  }
  extend input WorkItemUpdateInput {
    statusWidget: WorkItemWidgetStatusInput
  }
`;

const choosesWidgets = "(onlyTypes: [WorkItemWidgetType!])";

export type Age = "15" | "17" | "18";

/** `free`: the Community Edition of 18. */
export type SchemaName = Age | "free";

const schemas: Readonly<Record<SchemaName, GraphQLSchema>> = {
  "15": buildSchema(shared("") + before + paid),
  "17": buildSchema(shared(choosesWidgets) + from17 + paid + paidFrom17),
  "18": buildSchema(shared(choosesWidgets) + from17 + paid + paidFrom17 + from18),
  free: buildSchema(shared(choosesWidgets) + from17),
};

/** The schema of a version and edition. */
export function schemaOf(name: SchemaName): GraphQLSchema {
  return schemas[name];
}
