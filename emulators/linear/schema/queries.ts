/** Queries, page by page, and the remaining budget. */
export const queries = /* GraphQL */ `
  scalar DateTime
  scalar DateTimeOrDuration
  scalar JSONObject
  scalar TimelessDate
  scalar TimelessDateOrDuration

  interface Node {
    id: ID!
  }

  type Query {
    attachments(
      filter: AttachmentFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): AttachmentConnection!
    comment(hash: String, id: String): Comment!
    comments(
      filter: CommentFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): CommentConnection!
    cycle(id: String!): Cycle!
    cycles(
      filter: CycleFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): CycleConnection!
    issue(id: String!): Issue!
    issueLabel(id: String!): IssueLabel!
    issueLabels(
      filter: IssueLabelFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueLabelConnection!
    issuePriorityValues: [IssuePriorityValue!]!
    issueRelations(
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueRelationConnection!
    issues(
      filter: IssueFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
      sort: [IssueSortInput!]
    ): IssueConnection!
    organization: Organization!
    rateLimitStatus: RateLimitPayload!
    team(id: String!): Team!
    teams(
      filter: TeamFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): TeamConnection!
    user(id: String!): User!
    users(
      includeDisabled: Boolean
      filter: UserFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
      sort: [UserSortInput!]
    ): UserConnection!
    viewer: User!
    workflowState(id: String!): WorkflowState!
    workflowStates(
      filter: WorkflowStateFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): WorkflowStateConnection!
  }

  enum PaginationOrderBy {
    createdAt
    updatedAt
  }

  type PageInfo {
    endCursor: String
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
  }

  type RateLimitPayload {
    identifier: String
    kind: String!
    limits: [RateLimitResultPayload!]!
  }

  type RateLimitResultPayload {
    allowedAmount: Float!
    period: Float!
    remainingAmount: Float!
    requestedAmount: Float!
    reset: Float!
    type: String!
  }
`;
