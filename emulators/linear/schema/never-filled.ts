/** Types that are always empty here, but which the official client requests with every issue or comment. */
export const neverFilled = /* GraphQL */ `
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
