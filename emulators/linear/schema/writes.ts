/**
 * The mutations needed to write issues, comments, relations, labels and states. Input fields that the emulator does not implement are left out, so that a
 * request using one is rejected instead of half executed.
 */
export const writesSchemaText = /* GraphQL */ `
  type Mutation {
    commentCreate(input: CommentCreateInput!): CommentPayload!
    commentDelete(id: String!): DeletePayload!
    commentUpdate(id: String!, input: CommentUpdateInput!, skipEditedAt: Boolean): CommentPayload!
    issueCreate(input: IssueCreateInput!): IssuePayload!
    issueLabelCreate(input: IssueLabelCreateInput!, replaceTeamLabels: Boolean): IssueLabelPayload!
    issueRelationCreate(input: IssueRelationCreateInput!, overrideCreatedAt: DateTime): IssueRelationPayload!
    issueRelationDelete(id: String!): DeletePayload!
    issueUpdate(id: String!, input: IssueUpdateInput!): IssuePayload!
    workflowStateCreate(input: WorkflowStateCreateInput!): WorkflowStatePayload!
  }

  input IssueCreateInput {
    assigneeId: String
    cycleId: String
    description: String
    dueDate: TimelessDate
    estimate: Int
    id: String
    labelIds: [String!]
    parentId: String
    priority: Int
    stateId: String
    teamId: String!
    title: String
  }

  input IssueUpdateInput {
    addedLabelIds: [String!]
    assigneeId: String
    cycleId: String
    description: String
    dueDate: TimelessDate
    estimate: Int
    labelIds: [String!]
    parentId: String
    priority: Int
    removedLabelIds: [String!]
    stateId: String
    title: String
  }

  input CommentCreateInput {
    body: String
    id: String
    issueId: String
    parentId: String
  }

  input CommentUpdateInput {
    body: String
  }

  input IssueRelationCreateInput {
    id: String
    issueId: String!
    relatedIssueId: String!
    type: IssueRelationType!
  }

  enum IssueRelationType {
    blocks
    duplicate
    related
    similar
  }

  input IssueLabelCreateInput {
    color: String
    description: String
    id: String
    isGroup: Boolean
    name: String!
    parentId: String
    teamId: String
  }

  input WorkflowStateCreateInput {
    color: String!
    description: String
    id: String
    name: String!
    position: Float
    teamId: String!
    type: String!
  }

  type IssuePayload {
    issue: Issue
    lastSyncId: Float!
    success: Boolean!
  }

  type CommentPayload {
    comment: Comment!
    lastSyncId: Float!
    success: Boolean!
  }

  interface ArchivePayload {
    lastSyncId: Float!
    success: Boolean!
  }

  type DeletePayload implements ArchivePayload {
    entityId: String!
    lastSyncId: Float!
    success: Boolean!
  }

  type IssueRelationPayload {
    issueRelation: IssueRelation!
    lastSyncId: Float!
    success: Boolean!
  }

  type IssueLabelPayload {
    issueLabel: IssueLabel!
    lastSyncId: Float!
    success: Boolean!
  }

  type WorkflowStatePayload {
    lastSyncId: Float!
    success: Boolean!
    workflowState: WorkflowState!
  }
`;
