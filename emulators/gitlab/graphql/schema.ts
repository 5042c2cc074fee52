import { buildSchema, type GraphQLSchema } from "graphql";

/** The part of GitLab's GraphQL that is emulated. https://docs.gitlab.com/api/graphql/reference/ `choice`: what the field `widgets` takes. */
const shared = (choice: "" | "(onlyTypes: [WorkItemWidgetType!])") => /* GraphQL */ `
  scalar Date
  scalar IssueID
  scalar IterationID
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
  type Iteration {
    id: ID!
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
  type WorkItemWidgetIteration implements WorkItemWidget {
    iteration: Iteration
    type: WorkItemWidgetType
  }
  input WorkItemWidgetHierarchyUpdateInput {
    adjacentWorkItemId: WorkItemID
    childrenIds: [WorkItemID!]
    parentId: WorkItemID
  }
  input WorkItemWidgetIterationInput {
    iterationId: IterationID
  }
  input WorkItemWidgetMilestoneInput {
    milestoneId: MilestoneID
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
  input WorkItemUpdateInput {
    hierarchyWidget: WorkItemWidgetHierarchyUpdateInput
    id: WorkItemID!
    iterationWidget: WorkItemWidgetIterationInput
    milestoneWidget: WorkItemWidgetMilestoneInput
  }
`;

/** Definitions of widgets came with 16, linked items with 16.3. */
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
    allowsMultipleAssignees: Boolean!
    type: WorkItemWidgetType!
  }
  type WorkItemWidgetDefinitionGeneric implements WorkItemWidgetDefinition {
    type: WorkItemWidgetType!
  }
  type WorkItemWidgetLinkedItems implements WorkItemWidget {
    blocked: Boolean
    blockedByCount: Int
    blockingCount: Int
    linkedItems(after: String, first: Int): LinkedWorkItemTypeConnection
    type: WorkItemWidgetType
  }
  input WorkItemUpdateInput {
    hierarchyWidget: WorkItemWidgetHierarchyUpdateInput
    id: WorkItemID!
    iterationWidget: WorkItemWidgetIterationInput
    milestoneWidget: WorkItemWidgetMilestoneInput
  }
`;

/** Statuses came with 18.2, in paid editions. */
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

const schemas: Readonly<Record<Age, GraphQLSchema>> = {
  "15": buildSchema(shared("") + before),
  "17": buildSchema(shared(choosesWidgets) + from17),
  "18": buildSchema(shared(choosesWidgets) + from17 + from18),
};

/** What a server of this version has. */
export function schemaOf(age: Age): GraphQLSchema {
  return schemas[age];
}
