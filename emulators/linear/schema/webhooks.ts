/** The part of the webhook schema that is used. */
export const webhooksSchemaText = /* GraphQL */ `
  extend type Query {
    webhooks(after: String, before: String, first: Int, includeArchived: Boolean, last: Int): WebhookConnection!
  }

  extend type Mutation {
    webhookCreate(input: WebhookCreateInput!): WebhookPayload!
    webhookDelete(id: String!): DeletePayload!
    webhookUpdate(id: String!, input: WebhookUpdateInput!): WebhookPayload!
  }

  input WebhookCreateInput {
    enabled: Boolean = true
    label: String
    resourceTypes: [String!]!
    secret: String
    teamId: String
    url: String!
  }

  input WebhookUpdateInput {
    enabled: Boolean
    label: String
    resourceTypes: [String!]
    secret: String
    url: String
  }

  type Webhook {
    createdAt: DateTime!
    enabled: Boolean!
    id: ID!
    resourceTypes: [String!]!
    team: Team
    url: String
  }

  type WebhookConnection {
    nodes: [Webhook!]!
    pageInfo: PageInfo!
  }

  type WebhookPayload {
    lastSyncId: Float!
    success: Boolean!
    webhook: Webhook!
  }
`;
