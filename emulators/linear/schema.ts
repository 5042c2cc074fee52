/**
 * What the emulator answers of Linear's API: the types and fields that reading a workspace's issues touches, plus the ones
 * that the official client always asks for. Everything here exists in the published schema with the same type; a test checks it.
 * A module instead of a .graphql file, so that it goes into the bundle of the shipped demo.
 */
export const schemaText = /* GraphQL */ `
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

  type Issue implements Node {
    addedToCycleAt: DateTime
    addedToProjectAt: DateTime
    addedToTeamAt: DateTime
    archivedAt: DateTime
    asksExternalUserRequester: ExternalUser
    asksRequester: User
    assignee: User
    attachments(
      filter: AttachmentFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): AttachmentConnection!
    autoArchivedAt: DateTime
    autoClosedAt: DateTime
    boardOrder: Float! @deprecated(reason: "'sortOrder' replaces it.")
    botActor: ActorBot
    branchName: String!
    canceledAt: DateTime
    children(
      filter: IssueFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueConnection!
    comments(
      filter: CommentFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): CommentConnection!
    completedAt: DateTime
    createdAt: DateTime!
    creator: User
    customerTicketCount: Int!
    cycle: Cycle
    delegate: User
    description: String
    dueDate: TimelessDate
    estimate: Float
    externalUserCreator: ExternalUser
    favorite: Favorite
    id: ID!
    identifier: String!
    inheritsSharedAccess: Boolean!
    integrationSourceType: IntegrationService
    inverseRelations(
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueRelationConnection!
    labelIds: [String!]!
    labels(
      filter: IssueLabelFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueLabelConnection!
    lastAppliedTemplate: Template
    number: Float!
    parent: Issue
    previousIdentifiers: [String!]!
    priority: Float!
    priorityLabel: String!
    prioritySortOrder: Float!
    project: Project
    projectMilestone: ProjectMilestone
    reactionData: JSONObject!
    reactions: [Reaction!]!
    recurringIssueTemplate: Template
    relations(
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): IssueRelationConnection!
    sharedAccess: IssueSharedAccess!
    slaBreachesAt: DateTime
    slaHighRiskAt: DateTime
    slaMediumRiskAt: DateTime
    slaStartedAt: DateTime
    slaType: String
    snoozedBy: User
    snoozedUntilAt: DateTime
    sortOrder: Float!
    sourceComment: Comment
    startedAt: DateTime
    startedTriageAt: DateTime
    state: WorkflowState!
    subIssueSortOrder: Float
    subscribers(
      includeDisabled: Boolean
      filter: UserFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): UserConnection!
    syncedWith: [ExternalEntityInfo!]
    team: Team!
    title: String!
    trashed: Boolean
    triagedAt: DateTime
    updatedAt: DateTime!
    url: String!
  }

  type IssuePriorityValue {
    label: String!
    priority: Int!
  }

  type IssueRelation implements Node {
    archivedAt: DateTime
    createdAt: DateTime!
    id: ID!
    issue: Issue!
    relatedIssue: Issue!
    type: String!
    updatedAt: DateTime!
  }

  type IssueSharedAccess {
    disallowedIssueFields: [IssueSharedAccessDisallowedField!]!
    isShared: Boolean!
    sharedWithCount: Int!
    sharedWithUsers: [User!]!
    viewerHasOnlySharedAccess: Boolean!
  }

  enum IssueSharedAccessDisallowedField {
    cycleId
    projectId
    projectMilestoneId
    teamId
  }

  type Comment implements Node {
    agentSession: AgentSession
    archivedAt: DateTime
    body: String!
    botActor: ActorBot
    children(
      filter: CommentFilter
      after: String
      before: String
      first: Int
      includeArchived: Boolean
      last: Int
      orderBy: PaginationOrderBy
    ): CommentConnection!
    createdAt: DateTime!
    documentContent: DocumentContent
    documentContentId: String
    editedAt: DateTime
    externalThread: SyncedExternalThread
    externalUser: ExternalUser
    id: ID!
    initiative: Initiative
    initiativeId: String
    initiativeUpdate: InitiativeUpdate
    initiativeUpdateId: String
    issue: Issue
    issueId: String
    parent: Comment
    parentId: String
    project: Project
    projectId: String
    projectUpdate: ProjectUpdate
    projectUpdateId: String
    quotedText: String
    reactionData: JSONObject!
    reactions: [Reaction!]!
    resolvedAt: DateTime
    resolvingComment: Comment
    resolvingCommentId: String
    resolvingUser: User
    syncedWith: [ExternalEntityInfo!]
    updatedAt: DateTime!
    url: String!
    user: User
  }

  type Attachment implements Node {
    archivedAt: DateTime
    bodyData: String
    createdAt: DateTime!
    creator: User
    externalUserCreator: ExternalUser
    groupBySource: Boolean!
    id: ID!
    issue: Issue!
    metadata: JSONObject!
    originalIssue: Issue
    source: JSONObject
    sourceType: String
    subtitle: String
    title: String!
    updatedAt: DateTime!
    url: String!
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

  # Connections

  type AttachmentConnection {
    edges: [AttachmentEdge!]!
    nodes: [Attachment!]!
    pageInfo: PageInfo!
  }

  type AttachmentEdge {
    cursor: String!
    node: Attachment!
  }

  type CommentConnection {
    edges: [CommentEdge!]!
    nodes: [Comment!]!
    pageInfo: PageInfo!
  }

  type CommentEdge {
    cursor: String!
    node: Comment!
  }

  type CycleConnection {
    edges: [CycleEdge!]!
    nodes: [Cycle!]!
    pageInfo: PageInfo!
  }

  type CycleEdge {
    cursor: String!
    node: Cycle!
  }

  type IssueConnection {
    edges: [IssueEdge!]!
    nodes: [Issue!]!
    pageInfo: PageInfo!
  }

  type IssueEdge {
    cursor: String!
    node: Issue!
  }

  type IssueLabelConnection {
    edges: [IssueLabelEdge!]!
    nodes: [IssueLabel!]!
    pageInfo: PageInfo!
  }

  type IssueLabelEdge {
    cursor: String!
    node: IssueLabel!
  }

  type IssueRelationConnection {
    edges: [IssueRelationEdge!]!
    nodes: [IssueRelation!]!
    pageInfo: PageInfo!
  }

  type IssueRelationEdge {
    cursor: String!
    node: IssueRelation!
  }

  type TeamConnection {
    edges: [TeamEdge!]!
    nodes: [Team!]!
    pageInfo: PageInfo!
  }

  type TeamEdge {
    cursor: String!
    node: Team!
  }

  type UserConnection {
    edges: [UserEdge!]!
    nodes: [User!]!
    pageInfo: PageInfo!
  }

  type UserEdge {
    cursor: String!
    node: User!
  }

  type WorkflowStateConnection {
    edges: [WorkflowStateEdge!]!
    nodes: [WorkflowState!]!
    pageInfo: PageInfo!
  }

  type WorkflowStateEdge {
    cursor: String!
    node: WorkflowState!
  }

  # Filters

  input StringComparator {
    eq: String
    neq: String
    in: [String!]
    nin: [String!]
    eqIgnoreCase: String
    neqIgnoreCase: String
    contains: String
    notContains: String
    containsIgnoreCase: String
    notContainsIgnoreCase: String
    startsWith: String
    notStartsWith: String
    startsWithIgnoreCase: String
    endsWith: String
    notEndsWith: String
  }

  input NullableStringComparator {
    null: Boolean
    eq: String
    neq: String
    in: [String!]
    nin: [String!]
    eqIgnoreCase: String
    neqIgnoreCase: String
    contains: String
    notContains: String
    containsIgnoreCase: String
    notContainsIgnoreCase: String
    startsWith: String
    notStartsWith: String
    startsWithIgnoreCase: String
    endsWith: String
    notEndsWith: String
  }

  input IDComparator {
    eq: ID
    neq: ID
    in: [ID!]
    nin: [ID!]
  }

  input IssueIDComparator {
    eq: ID
    neq: ID
    in: [ID!]
    nin: [ID!]
  }

  input NumberComparator {
    eq: Float
    neq: Float
    in: [Float!]
    nin: [Float!]
    gt: Float
    gte: Float
    lt: Float
    lte: Float
  }

  input NullableNumberComparator {
    null: Boolean
    eq: Float
    neq: Float
    in: [Float!]
    nin: [Float!]
    gt: Float
    gte: Float
    lt: Float
    lte: Float
  }

  input EstimateComparator {
    null: Boolean
    eq: Float
    neq: Float
    in: [Float!]
    nin: [Float!]
    gt: Float
    gte: Float
    lt: Float
    lte: Float
  }

  input DateComparator {
    eq: DateTimeOrDuration
    neq: DateTimeOrDuration
    in: [DateTimeOrDuration!]
    nin: [DateTimeOrDuration!]
    gt: DateTimeOrDuration
    gte: DateTimeOrDuration
    lt: DateTimeOrDuration
    lte: DateTimeOrDuration
  }

  input NullableDateComparator {
    null: Boolean
    eq: DateTimeOrDuration
    neq: DateTimeOrDuration
    in: [DateTimeOrDuration!]
    nin: [DateTimeOrDuration!]
    gt: DateTimeOrDuration
    gte: DateTimeOrDuration
    lt: DateTimeOrDuration
    lte: DateTimeOrDuration
  }

  input NullableTimelessDateComparator {
    null: Boolean
    eq: TimelessDateOrDuration
    neq: TimelessDateOrDuration
    in: [TimelessDateOrDuration!]
    nin: [TimelessDateOrDuration!]
    gt: TimelessDateOrDuration
    gte: TimelessDateOrDuration
    lt: TimelessDateOrDuration
    lte: TimelessDateOrDuration
  }

  input BooleanComparator {
    eq: Boolean
    neq: Boolean
  }

  input RelationExistsComparator {
    eq: Boolean
    neq: Boolean
  }

  input UserFilter {
    and: [UserFilter!]
    or: [UserFilter!]
    active: BooleanComparator
    admin: BooleanComparator
    createdAt: DateComparator
    displayName: StringComparator
    email: StringComparator
    id: IDComparator
    isMe: BooleanComparator
    name: StringComparator
    updatedAt: DateComparator
  }

  input NullableUserFilter {
    and: [NullableUserFilter!]
    or: [NullableUserFilter!]
    null: Boolean
    active: BooleanComparator
    admin: BooleanComparator
    createdAt: DateComparator
    displayName: StringComparator
    email: StringComparator
    id: IDComparator
    isMe: BooleanComparator
    name: StringComparator
    updatedAt: DateComparator
  }

  input TeamFilter {
    and: [TeamFilter!]
    or: [TeamFilter!]
    createdAt: DateComparator
    id: IDComparator
    key: StringComparator
    name: StringComparator
    private: BooleanComparator
    updatedAt: DateComparator
  }

  input NullableTeamFilter {
    and: [NullableTeamFilter!]
    or: [NullableTeamFilter!]
    null: Boolean
    createdAt: DateComparator
    id: IDComparator
    key: StringComparator
    name: StringComparator
    private: BooleanComparator
    updatedAt: DateComparator
  }

  input CycleFilter {
    and: [CycleFilter!]
    or: [CycleFilter!]
    createdAt: DateComparator
    endsAt: DateComparator
    id: IDComparator
    isActive: BooleanComparator
    isFuture: BooleanComparator
    isPast: BooleanComparator
    name: StringComparator
    number: NumberComparator
    startsAt: DateComparator
    team: TeamFilter
    updatedAt: DateComparator
  }

  input NullableCycleFilter {
    and: [NullableCycleFilter!]
    or: [NullableCycleFilter!]
    null: Boolean
    createdAt: DateComparator
    endsAt: DateComparator
    id: IDComparator
    isActive: BooleanComparator
    isFuture: BooleanComparator
    isPast: BooleanComparator
    name: StringComparator
    number: NumberComparator
    startsAt: DateComparator
    team: TeamFilter
    updatedAt: DateComparator
  }

  input WorkflowStateFilter {
    and: [WorkflowStateFilter!]
    or: [WorkflowStateFilter!]
    createdAt: DateComparator
    description: StringComparator
    id: IDComparator
    name: StringComparator
    position: NumberComparator
    team: TeamFilter
    type: StringComparator
    updatedAt: DateComparator
  }

  input IssueLabelFilter {
    and: [IssueLabelFilter!]
    or: [IssueLabelFilter!]
    createdAt: DateComparator
    id: IDComparator
    isGroup: BooleanComparator
    name: StringComparator
    updatedAt: DateComparator
    creator: NullableUserFilter
    parent: IssueLabelFilter
    team: NullableTeamFilter
  }

  input IssueLabelCollectionFilter {
    and: [IssueLabelCollectionFilter!]
    or: [IssueLabelCollectionFilter!]
    null: Boolean
    createdAt: DateComparator
    id: IDComparator
    isGroup: BooleanComparator
    name: StringComparator
    updatedAt: DateComparator
    every: IssueLabelFilter
    length: NumberComparator
    some: IssueLabelFilter
    team: NullableTeamFilter
  }

  input IssueFilter {
    and: [IssueFilter!]
    or: [IssueFilter!]
    archivedAt: NullableDateComparator
    assignee: NullableUserFilter
    canceledAt: NullableDateComparator
    children: IssueCollectionFilter
    completedAt: NullableDateComparator
    createdAt: DateComparator
    creator: NullableUserFilter
    cycle: NullableCycleFilter
    description: NullableStringComparator
    dueDate: NullableTimelessDateComparator
    estimate: EstimateComparator
    hasBlockedByRelations: RelationExistsComparator
    hasBlockingRelations: RelationExistsComparator
    hasDuplicateRelations: RelationExistsComparator
    hasRelatedRelations: RelationExistsComparator
    id: IssueIDComparator
    labels: IssueLabelCollectionFilter
    number: NumberComparator
    parent: NullableIssueFilter
    priority: NullableNumberComparator
    startedAt: NullableDateComparator
    state: WorkflowStateFilter
    team: TeamFilter
    title: StringComparator
    updatedAt: DateComparator
  }

  input NullableIssueFilter {
    and: [NullableIssueFilter!]
    or: [NullableIssueFilter!]
    null: Boolean
    archivedAt: NullableDateComparator
    assignee: NullableUserFilter
    canceledAt: NullableDateComparator
    children: IssueCollectionFilter
    completedAt: NullableDateComparator
    createdAt: DateComparator
    creator: NullableUserFilter
    cycle: NullableCycleFilter
    description: NullableStringComparator
    dueDate: NullableTimelessDateComparator
    estimate: EstimateComparator
    hasBlockedByRelations: RelationExistsComparator
    hasBlockingRelations: RelationExistsComparator
    hasDuplicateRelations: RelationExistsComparator
    hasRelatedRelations: RelationExistsComparator
    id: IssueIDComparator
    labels: IssueLabelCollectionFilter
    number: NumberComparator
    parent: NullableIssueFilter
    priority: NullableNumberComparator
    startedAt: NullableDateComparator
    state: WorkflowStateFilter
    team: TeamFilter
    title: StringComparator
    updatedAt: DateComparator
  }

  input IssueCollectionFilter {
    and: [IssueCollectionFilter!]
    or: [IssueCollectionFilter!]
    every: IssueFilter
    length: NumberComparator
    some: IssueFilter
  }

  input CommentFilter {
    and: [CommentFilter!]
    or: [CommentFilter!]
    body: StringComparator
    createdAt: DateComparator
    id: IDComparator
    issue: NullableIssueFilter
    updatedAt: DateComparator
    user: UserFilter
  }

  input AttachmentFilter {
    and: [AttachmentFilter!]
    or: [AttachmentFilter!]
    createdAt: DateComparator
    creator: NullableUserFilter
    id: IDComparator
    subtitle: NullableStringComparator
    title: StringComparator
    updatedAt: DateComparator
    url: StringComparator
  }

  # Internal arguments that the official client declares. The emulator answers no query that uses them.

  input IssueSortInput {
    createdAt: CreatedAtSort
    updatedAt: UpdatedAtSort
  }

  input UserSortInput {
    displayName: UserDisplayNameSort
    name: UserNameSort
  }

  input CreatedAtSort {
    nulls: PaginationNulls = last
    order: PaginationSortOrder
  }

  input UpdatedAtSort {
    nulls: PaginationNulls = last
    order: PaginationSortOrder
  }

  input UserDisplayNameSort {
    nulls: PaginationNulls = last
    order: PaginationSortOrder
  }

  input UserNameSort {
    nulls: PaginationNulls = last
    order: PaginationSortOrder
  }

  enum PaginationNulls {
    first
    last
  }

  enum PaginationSortOrder {
    Ascending
    Descending
  }

  # Never filled here; the official client asks for them with every issue or comment.

  type ActorBot {
    avatarUrl: String
    id: ID
    name: String
    subType: String
    type: String!
    userDisplayName: String
  }

  type Reaction implements Node {
    archivedAt: DateTime
    comment: Comment
    createdAt: DateTime!
    emoji: String!
    externalUser: ExternalUser
    id: ID!
    initiativeUpdate: InitiativeUpdate
    issue: Issue
    projectUpdate: ProjectUpdate
    updatedAt: DateTime!
    user: User
  }

  type DocumentContent implements Node {
    aiPromptRules: AiPromptRules
    archivedAt: DateTime
    content: String
    contentState: String
    createdAt: DateTime!
    document: Document
    id: ID!
    initiative: Initiative
    issue: Issue
    project: Project
    projectMilestone: ProjectMilestone
    restoredAt: DateTime
    updatedAt: DateTime!
    welcomeMessage: WelcomeMessage
  }

  type AiPromptRules implements Node {
    archivedAt: DateTime
    createdAt: DateTime!
    id: ID!
    updatedAt: DateTime!
    updatedBy: User
  }

  type WelcomeMessage implements Node {
    archivedAt: DateTime
    createdAt: DateTime!
    enabled: Boolean!
    id: ID!
    title: String
    updatedAt: DateTime!
    updatedBy: User
  }

  type SyncedExternalThread {
    displayName: String
    id: ID
    isConnected: Boolean!
    isPersonalIntegrationConnected: Boolean!
    isPersonalIntegrationRequired: Boolean!
    name: String
    subType: String
    type: String!
    url: String
  }

  type ExternalEntityInfo {
    id: String!
    metadata: ExternalEntityInfoMetadata
    service: ExternalSyncService!
  }

  union ExternalEntityInfoMetadata =
    | ExternalEntityInfoGithubMetadata
    | ExternalEntityInfoJiraMetadata
    | ExternalEntitySlackMetadata

  type ExternalEntityInfoGithubMetadata {
    number: Float
    owner: String
    repo: String
  }

  type ExternalEntityInfoJiraMetadata {
    issueKey: String
    issueTypeId: String
    projectId: String
  }

  type ExternalEntitySlackMetadata {
    channelId: String
    channelName: String
    isFromSlack: Boolean!
    messageUrl: String
  }

  enum ExternalSyncService {
    github
    jira
    slack
  }

  enum IntegrationService {
    email
    github
    gitlab
    jira
    sentry
    slack
    zendesk
  }

  type AgentSession implements Node {
    id: ID!
  }

  type Document implements Node {
    id: ID!
  }

  type ExternalUser implements Node {
    id: ID!
  }

  type Favorite implements Node {
    id: ID!
  }

  type Initiative implements Node {
    id: ID!
  }

  type InitiativeUpdate implements Node {
    id: ID!
  }

  type Project implements Node {
    id: ID!
  }

  type ProjectMilestone implements Node {
    id: ID!
  }

  type ProjectUpdate implements Node {
    id: ID!
  }

  type Template implements Node {
    id: ID!
  }
`;
