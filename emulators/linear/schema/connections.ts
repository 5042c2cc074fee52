/** Connections of each type. */
export const connections = /* GraphQL */ `
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
`;
