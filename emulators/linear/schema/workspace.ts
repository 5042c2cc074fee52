/** What issues refer to: teams with their people, states, labels and cycles. */
export const workspace = /* GraphQL */ `
  type Organization implements Node {
    archivedAt: DateTime
    createdAt: DateTime!
    createdIssueCount: Int!
    gitBranchFormat: String
    id: ID!
    labels(
      filter: IssueLabelFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueLabelConnection!
    logoUrl: String
    name: String!
    previousUrlKeys: [String!]!
    teams(
      filter: TeamFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): TeamConnection!
    updatedAt: DateTime!
    urlKey: String!
    userCount: Int!
    users(
      includeDisabled: Boolean
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): UserConnection!
  }

  type Team implements Node {
    activeCycle: Cycle
    archivedAt: DateTime
    autoArchivePeriod: Float!
    color: String
    createdAt: DateTime!
    cycleDuration: Float!
    cycles(
      filter: CycleFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): CycleConnection!
    cyclesEnabled: Boolean!
    defaultIssueState: WorkflowState
    description: String
    displayName: String!
    icon: String
    id: ID!
    issueCount(includeArchived: Boolean): Int!
    issueEstimationAllowZero: Boolean!
    issueEstimationExtended: Boolean!
    issueEstimationType: String!
    issues(
      includeSubTeams: Boolean
      filter: IssueFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueConnection!
    key: String!
    labels(
      filter: IssueLabelFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueLabelConnection!
    members(
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
    name: String!
    organization: Organization!
    parent: Team
    private: Boolean! @deprecated(reason: "'visibility' replaces it.")
    retiredAt: DateTime
    states(
      filter: WorkflowStateFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): WorkflowStateConnection!
    timezone: String!
    triageEnabled: Boolean!
    triageIssueState: WorkflowState
    upcomingCycleCount: Float!
    updatedAt: DateTime!
    visibility: TeamVisibility!
  }

  enum TeamVisibility {
    private
    public
    restricted
  }

  type User implements Node {
    active: Boolean!
    admin: Boolean!
    app: Boolean!
    archivedAt: DateTime
    assignedIssues(
      filter: IssueFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueConnection!
    avatarBackgroundColor: String!
    avatarUrl: String
    calendarHash: String
    canAccessAnyPublicTeam: Boolean!
    createdAt: DateTime!
    createdIssueCount: Int!
    description: String
    disableReason: String
    displayName: String!
    email: String!
    gitHubUserId: String
    guest: Boolean!
    id: ID!
    initials: String!
    inviteHash: String! @deprecated(reason: "Always empty.")
    isAssignable: Boolean!
    isMe: Boolean!
    isMentionable: Boolean!
    lastSeen: DateTime
    name: String!
    organization: Organization!
    owner: Boolean!
    statusEmoji: String
    statusLabel: String
    statusUntilAt: DateTime
    supportsAgentSessions: Boolean!
    teams(
      filter: TeamFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): TeamConnection!
    timezone: String
    title: String
    updatedAt: DateTime!
    url: String!
  }

  type WorkflowState implements Node {
    archivedAt: DateTime
    color: String!
    createdAt: DateTime!
    description: String
    id: ID!
    inheritedFrom: WorkflowState
    issues(
      filter: IssueFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueConnection!
    name: String!
    position: Float!
    team: Team!
    type: String!
    updatedAt: DateTime!
  }

  type IssueLabel implements Node {
    archivedAt: DateTime
    children(
      filter: IssueLabelFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueLabelConnection!
    color: String!
    createdAt: DateTime!
    creator: User
    description: String
    id: ID!
    inheritedFrom: IssueLabel
    isGroup: Boolean!
    issues(
      filter: IssueFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueConnection!
    lastAppliedAt: DateTime
    name: String!
    parent: IssueLabel
    retiredAt: DateTime
    retiredBy: User
    team: Team
    updatedAt: DateTime!
  }

  type Cycle implements Node {
    archivedAt: DateTime
    autoArchivedAt: DateTime
    completedAt: DateTime
    completedIssueCountHistory: [Float!]!
    completedScopeHistory: [Float!]!
    createdAt: DateTime!
    description: String
    endsAt: DateTime!
    id: ID!
    inProgressScopeHistory: [Float!]!
    inheritedFrom: Cycle
    isActive: Boolean!
    isFuture: Boolean!
    isNext: Boolean!
    isPast: Boolean!
    isPrevious: Boolean!
    issueCountHistory: [Float!]!
    issues(
      filter: IssueFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueConnection!
    name: String
    number: Float!
    progress: Float!
    scopeHistory: [Float!]!
    startsAt: DateTime!
    team: Team!
    updatedAt: DateTime!
  }
`;
