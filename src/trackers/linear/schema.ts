import { z } from "zod";
import { Time } from "../time-schema.ts";

// https://linear.app/developers/graphql; only the fields that are used.

const PageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

const nodesOf = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node) });
const pageOf = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node), pageInfo: PageInfo });

const Id = z.object({ id: z.string() });

export const User = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  avatarUrl: z.string().nullish(),
});
export type User = z.infer<typeof User>;

/** An integration and the person it acted for. It may lack an id. */
const Bot = z.object({
  id: z.string().nullish(),
  type: z.string(),
  name: z.string().nullish(),
  userDisplayName: z.string().nullish(),
  avatarUrl: z.string().nullish(),
});
export type Bot = z.infer<typeof Bot>;

export const State = z.object({ id: z.string(), name: z.string(), type: z.string(), position: z.number() });
export type State = z.infer<typeof State>;

export const Cycle = z.object({
  id: z.string(),
  name: z.string().nullish(),
  number: z.number(),
  startsAt: Time.nullish(),
  endsAt: Time.nullish(),
});
export type Cycle = z.infer<typeof Cycle>;

export const Label = z.object({
  id: z.string(),
  name: z.string(),
  color: z.string(),
  /** A group contains labels and cannot be added to issues. */
  isGroup: z.boolean().nullish(),
});
export type Label = z.infer<typeof Label>;

/** Another issue; has more than its id only when a single issue is read. */
const Related = Id.extend({ identifier: z.string().nullish(), title: z.string().nullish(), url: z.string().nullish() });
export type Related = z.infer<typeof Related>;

const Relation = z.object({ id: z.string(), type: z.string(), relatedIssue: Related });
const InverseRelation = z.object({ id: z.string(), type: z.string(), issue: Related });

export const Relations = z.object({ relations: nodesOf(Relation), inverseRelations: nodesOf(InverseRelation) });
export type Relations = z.infer<typeof Relations>;

export const Issue = Relations.extend({
  id: z.string(),
  identifier: z.string(),
  previousIdentifiers: z.array(z.string()),
  url: z.string(),
  title: z.string(),
  description: z.string().nullish(),
  priority: z.number(),
  labelIds: z.array(z.string()),
  dueDate: z.string().nullish(),
  estimate: z.number().nullish(),
  createdAt: Time,
  updatedAt: Time,
  completedAt: Time.nullish(),
  canceledAt: Time.nullish(),
  trashed: z.boolean().nullish(),
  state: State,
  assignee: User.nullish(),
  creator: User.nullish(),
  externalUserCreator: User.nullish(),
  botActor: Bot.nullish(),
  parent: Related.nullish(),
  cycle: Cycle.nullish(),
});
export type Issue = z.infer<typeof Issue>;

export const Attachment = z.object({ id: z.string(), title: z.string(), url: z.string() });
export type Attachment = z.infer<typeof Attachment>;

export const IssueWithTeam = Issue.extend({
  team: z.object({ id: z.string(), key: z.string() }),
  attachments: pageOf(Attachment),
});
export type IssueWithTeam = z.infer<typeof IssueWithTeam>;

export const Viewer = z.object({
  viewer: z.object({ id: z.string(), name: z.string(), displayName: z.string(), guest: z.boolean().nullish() }),
  organization: z.object({ id: z.string(), name: z.string(), urlKey: z.string() }),
});

export const Teams = z.object({ teams: pageOf(z.object({ id: z.string(), key: z.string(), name: z.string() })) });

const Ancestors = Id.extend({ parent: Id.nullish() }).nullish();

const Team = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  cyclesEnabled: z.boolean().nullish(),
  issueEstimationType: z.string().nullish(),
  parent: Ancestors,
  states: pageOf(State),
  members: pageOf(User),
  cycles: pageOf(Cycle),
});

export const TeamId = z.object({ teams: nodesOf(Id) });

export const TeamAnswer = z.object({
  teams: nodesOf(Team),
  issuePriorityValues: z.array(z.object({ priority: z.number(), label: z.string() })),
  organization: z.object({ urlKey: z.string() }),
});

export const States = z.object({ workflowStates: pageOf(State) });
export const Members = z.object({ team: z.object({ members: pageOf(User) }) });
export const Cycles = z.object({ team: z.object({ cycles: pageOf(Cycle) }) });
export const Labels = z.object({ issueLabels: pageOf(Label) });

export const LabelsByName = z.object({
  teams: nodesOf(Id.extend({ parent: Ancestors })),
  issueLabels: nodesOf(Label.extend({ team: Id.nullish() })),
});
export const LabelGroups = z.object({
  issues: nodesOf(z.object({ labelIds: z.array(z.string()) })),
  issueLabels: nodesOf(z.object({ id: z.string(), parent: Id.nullish() })),
});

/** The issues are parsed one by one later. */
export const IssuePage = z.object({ teams: nodesOf(Id), issues: pageOf(z.unknown()) });
export type IssuePage = z.infer<typeof IssuePage>;

export const IdPage = z.object({
  teams: nodesOf(Id),
  issues: pageOf(z.object({ id: z.string(), identifier: z.string(), trashed: z.boolean().nullish() })),
});

export const OneIssue = z.object({ teams: nodesOf(Id), issues: nodesOf(z.unknown()) });

export const RelationsAnswer = z.object({
  issues: nodesOf(Id.extend({ relations: pageOf(Relation), inverseRelations: pageOf(InverseRelation) })),
});
/** The relations of one issue; empty if it is gone. */
export const MoreRelations = z.object({ issues: nodesOf(z.object({ relations: pageOf(Relation) })) });
export const MoreInverseRelations = z.object({
  issues: nodesOf(z.object({ inverseRelations: pageOf(InverseRelation) })),
});

export const MoreAttachments = z.object({ issues: nodesOf(z.object({ attachments: pageOf(Attachment) })) });

export const Comment = z.object({
  id: z.string(),
  body: z.string(),
  createdAt: Time,
  updatedAt: Time,
  parent: Id.nullish(),
  user: User.nullish(),
  externalUser: User.nullish(),
  botActor: Bot.nullish(),
});
export type Comment = z.infer<typeof Comment>;

export const Comments = z.object({ comments: pageOf(Comment) });

const Payload = z.object({ success: z.boolean() });

export const UpdatedIssue = z.object({ issueUpdate: Payload.extend({ issue: z.unknown() }) });
export const CreatedIssue = z.object({ issueCreate: Payload.extend({ issue: z.unknown() }) });
export const CreatedComment = z.object({ commentCreate: Payload.extend({ comment: Comment }) });
export const UpdatedComment = z.object({ commentUpdate: Payload.extend({ comment: Comment }) });
export const DeletedComment = z.object({ commentDelete: Payload });
export const CreatedRelation = z.object({ issueRelationCreate: Payload });
export const DeletedRelation = z.object({ issueRelationDelete: Payload });
export const CreatedLabel = z.object({ issueLabelCreate: Payload.extend({ issueLabel: Label }) });
export const CreatedState = z.object({ workflowStateCreate: Payload.extend({ workflowState: Id }) });
