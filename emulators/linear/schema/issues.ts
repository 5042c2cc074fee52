/** Issues and what belongs to them. */
export const issues = /* GraphQL */ `
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

  type ActorBot {
    avatarUrl: String
    id: ID
    name: String
    subType: String
    type: String!
    userDisplayName: String
  }

  type ExternalUser implements Node {
    archivedAt: DateTime
    avatarUrl: String
    createdAt: DateTime!
    displayName: String!
    email: String
    id: ID!
    lastSeen: DateTime
    name: String!
    organization: Organization!
    updatedAt: DateTime!
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
`;
