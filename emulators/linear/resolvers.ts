import { connect, type PageArguments } from "./connection.ts";
import { entityNotFound } from "./errors.ts";
import {
  type Filter,
  matchAttachment,
  matchComment,
  matchCycle,
  matchIssue,
  matchLabel,
  matchState,
  matchTeam,
  matchUser,
} from "./filter.ts";
import { type IssueArguments, listIssues } from "./list-issues.ts";
import {
  type Attachment,
  type Comment,
  type Cycle,
  identifierOf,
  type Issue,
  type IssueLabel,
  type IssueRelation,
  type Team,
  type User,
  type WorkflowState,
} from "./records.ts";
import { createMutations } from "./mutations.ts";
import type { RequestContext } from "./request-context.ts";
import type { ResolverMap } from "./resolver-map.ts";
import { attachmentsOf, commentsOf } from "./seed-comments.ts";
import type { LinearState } from "./state.ts";

type ListArguments = PageArguments & { readonly filter?: Filter | null };
type Resolve<T, A> = (source: T, args: A, context: RequestContext) => unknown;

/** Resolvers of every field that is not a plain property. */
export function createResolvers(state: LinearState, origin: string): ResolverMap {
  const scope = (context: RequestContext) => ({ now: state.now(), viewer: context.user });
  const seen = (context: RequestContext, issue: Issue | null) =>
    issue !== null && context.sees(issue.team) ? issue : null;
  const teams = (context: RequestContext) => state.teams.filter((team) => context.sees(team));
  const labels = (context: RequestContext) => [...state.labels, ...teams(context).flatMap((team) => team.labels)];

  type Match<T> = (filter: Filter, item: T, scope: { now: number; viewer: User }) => boolean;

  function list<S, T extends { readonly id: string; readonly createdAt: number; readonly updatedAt: number }>(
    read: (source: S, context: RequestContext) => readonly T[],
    match?: Match<T>,
  ): Resolve<S, ListArguments> {
    return (source, args, context) => {
      const { filter } = args;
      const items = read(source, context);
      const own = match && filter ? items.filter((item) => match(filter, item, scope(context))) : items;
      return connect(own, args);
    };
  }

  function issuesOf<S>(belongs: (source: S) => (issue: Issue) => boolean): Resolve<S, IssueArguments> {
    return (source, args, context) => listIssues(state, context, args, belongs(source));
  }

  function byId<T extends { readonly id: string }>(
    entity: string,
    read: (context: RequestContext) => readonly T[],
  ): Resolve<unknown, { id: string }> {
    return (_, { id }, context) => {
      const found = read(context).find((item) => item.id === id);
      if (found === undefined) throw entityNotFound(entity);
      return found;
    };
  }

  function findIssue(id: string, context: RequestContext): Issue {
    const issue = state.byId.get(id) ?? state.byIdentifier.get(id.toUpperCase());
    if (issue === undefined || !context.sees(issue.team)) throw entityNotFound("Issue");
    return issue;
  }

  const commentsIn = (filter: Filter | null | undefined, context: RequestContext): Comment[] => {
    // Comments are created on access; a filter by issue limits that to the issues it names.
    const wanted = filter?.["issue"] as Filter | null | undefined;
    const candidates = state.issues.byCreation.items.filter(
      (issue) => context.sees(issue.team) && (!wanted || matchIssue(wanted, issue, scope(context))),
    );
    return candidates.flatMap((issue) => commentsOf(state, issue));
  };

  const visibleRelations = (relations: readonly IssueRelation[], context: RequestContext) =>
    relations.filter(({ issue, relatedIssue }) => context.sees(issue.team) && context.sees(relatedIssue.team));

  const url = (issue: Issue) =>
    `${origin}/${state.organisation.urlKey}/issue/${identifierOf(issue)}/${slugOf(issue.title)}`;
  /** null for a comment whose parent was deleted. */
  const parentOf = ({ parent }: Comment) => (parent !== null && state.comments.has(parent.id) ? parent : null);
  const nothing = () => null;
  const emptyList = () => [];
  const emptyObject = () => ({});

  const maps: Record<string, Record<string, unknown>> = {
    Query: {
      viewer: ((_, __, context) => context.user) satisfies Resolve<unknown, unknown>,
      organization: () => state.organisation,
      rateLimitStatus: ((_, __, context) => context.limits()) satisfies Resolve<unknown, unknown>,
      issuePriorityValues: () => priorityLabels.map((label, priority) => ({ label, priority })),
      team: ((_, { id }, context) => {
        const found = teams(context).find((team) => team.id === id);
        if (found === undefined) throw entityNotFound("Team");
        return found;
      }) satisfies Resolve<unknown, { id: string }>,
      teams: list<unknown, Team>((_, context) => teams(context), matchTeam),
      issue: ((_, { id }, context) => findIssue(id, context)) satisfies Resolve<unknown, { id: string }>,
      issues: issuesOf<unknown>(() => () => true),
      workflowStates: list<unknown, WorkflowState>(
        (_, context) => teams(context).flatMap((team) => team.states),
        matchState,
      ),
      workflowState: byId("WorkflowState", (context) => teams(context).flatMap((team) => team.states)),
      issueLabels: list<unknown, IssueLabel>((_, context) => labels(context), matchLabel),
      issueLabel: byId("IssueLabel", labels),
      users: list<unknown, User>(() => state.users, matchUser),
      user: ((_, { id }, context) => {
        const found = id === "me" ? context.user : state.users.find((user) => user.id === id);
        if (found === undefined) throw entityNotFound("User");
        return found;
      }) satisfies Resolve<unknown, { id: string }>,
      cycles: list<unknown, Cycle>((_, context) => teams(context).flatMap((team) => team.cycles), matchCycle),
      cycle: byId("Cycle", (context) => teams(context).flatMap((team) => team.cycles)),
      comments: ((_, args, context) => {
        const { filter } = args;
        const comments = commentsIn(filter, context);
        return connect(filter ? comments.filter((one) => matchComment(filter, one, scope(context))) : comments, args);
      }) satisfies Resolve<unknown, ListArguments>,
      comment: ((_, { id, hash }, context) => {
        const comments = commentsIn(null, context);
        const found = comments.find((one) => one.id === id || (hash && one.id.startsWith(hash)));
        if (found === undefined) throw entityNotFound("Comment");
        return found;
      }) satisfies Resolve<unknown, { id?: string | null; hash?: string | null }>,
      issueRelations: list<unknown, IssueRelation>((_, context) =>
        visibleRelations(
          state.issues.byCreation.items.flatMap((issue) => issue.relations),
          context,
        ),
      ),
      attachments: list<unknown, Attachment>(
        (_, context) =>
          state.issues.byCreation.items.filter((issue) => context.sees(issue.team)).flatMap(attachmentsOf),
        matchAttachment,
      ),
    },
    Organization: {
      createdIssueCount: () => state.issues.byCreation.items.length,
      labels: list<unknown, IssueLabel>(() => state.labels, matchLabel),
      previousUrlKeys: emptyList,
      teams: list<unknown, Team>((_, context) => teams(context), matchTeam),
      userCount: () => state.users.length,
      users: list<unknown, User>(() => state.users),
    },
    Team: {
      activeCycle: (team: Team) => team.cycles.find((cycle) => isActive(cycle, state.now())) ?? null,
      autoArchivePeriod: () => 6,
      cycleDuration: () => 2,
      cycles: list<Team, Cycle>((team) => team.cycles, matchCycle),
      cyclesEnabled: () => true,
      defaultIssueState: (team: Team) => team.states.find(({ type }) => type === "backlog"),
      displayName: (team: Team) => team.name,
      issueCount: ((team, { includeArchived }) =>
        team.issues.byCreation.items.filter((issue) => includeArchived === true || issue.archivedAt === null)
          .length) satisfies Resolve<Team, { includeArchived?: boolean | null }>,
      issueEstimationAllowZero: () => false,
      issueEstimationExtended: () => false,
      issueEstimationType: () => "fibonacci",
      issues: ((team, args, context) =>
        listIssues(state, context, {
          ...args,
          filter: { ...args.filter, team: { id: { eq: team.id } } },
        })) satisfies Resolve<Team, IssueArguments>,
      labels: list<Team, IssueLabel>((team) => team.labels, matchLabel),
      members: list<Team, User>(() => state.users, matchUser),
      organization: () => state.organisation,
      private: () => false,
      states: list<Team, WorkflowState>((team) => team.states, matchState),
      timezone: () => "Europe/Amsterdam",
      triageEnabled: () => true,
      triageIssueState: (team: Team) => team.states.find(({ type }) => type === "triage"),
      upcomingCycleCount: () => 1,
      visibility: () => "public",
    },
    User: {
      active: () => true,
      app: () => false,
      assignedIssues: issuesOf<User>((user) => (issue) => issue.assignee === user),
      avatarBackgroundColor: () => "#5e6ad2",
      avatarUrl: (user: User) => `${origin}/avatars/${user.id}`,
      canAccessAnyPublicTeam: () => true,
      createdIssueCount: (user: User) => state.issues.byCreation.items.filter((issue) => issue.creator === user).length,
      guest: () => false,
      initials: (user: User) => initialsOf(user.name),
      inviteHash: () => "",
      isAssignable: () => true,
      isMe: ((user, _, context) => user === context.user) satisfies Resolve<User, unknown>,
      isMentionable: () => true,
      organization: () => state.organisation,
      owner: (user: User) => user.admin,
      supportsAgentSessions: () => false,
      teams: list<User, Team>((_, context) => teams(context), matchTeam),
      timezone: () => "Europe/Amsterdam",
      url: (user: User) => `${origin}/${state.organisation.urlKey}/profiles/${user.displayName}`,
    },
    ExternalUser: { organization: () => state.organisation },
    WorkflowState: { issues: issuesOf<WorkflowState>((own) => (issue) => issue.state === own) },
    IssueLabel: {
      children: list<IssueLabel, IssueLabel>((label, context) => labels(context).filter((one) => one.parent === label)),
      issues: issuesOf<IssueLabel>((label) => (issue) => issue.labels.includes(label)),
    },
    Cycle: {
      completedAt: (cycle: Cycle) => (cycle.endsAt <= state.now() ? cycle.endsAt : null),
      completedIssueCountHistory: emptyList,
      completedScopeHistory: emptyList,
      inProgressScopeHistory: emptyList,
      isActive: (cycle: Cycle) => isActive(cycle, state.now()),
      isFuture: (cycle: Cycle) => state.now() < cycle.startsAt,
      isNext: (cycle: Cycle) => cycle.startsAt === activeCycle(cycle.team, state.now())?.endsAt,
      isPast: (cycle: Cycle) => cycle.endsAt <= state.now(),
      isPrevious: (cycle: Cycle) => cycle.endsAt === activeCycle(cycle.team, state.now())?.startsAt,
      issueCountHistory: emptyList,
      issues: issuesOf<Cycle>((cycle) => (issue) => issue.cycle === cycle),
      progress: (cycle: Cycle) => (cycle.endsAt <= state.now() ? 1 : 0),
      scopeHistory: emptyList,
    },
    Issue: {
      addedToTeamAt: (issue: Issue) => issue.createdAt,
      attachments: list<Issue, Attachment>(attachmentsOf, matchAttachment),
      boardOrder: (issue: Issue) => -issue.number,
      branchName: (issue: Issue) => `${identifierOf(issue)}-${slugOf(issue.title)}`.toLowerCase(),
      children: ((issue, args, context) => {
        const { filter } = args;
        const children = issue.children.filter(
          (child) =>
            context.sees(child.team) &&
            (args.includeArchived === true || child.archivedAt === null) &&
            (!filter || matchIssue(filter, child, scope(context))),
        );
        return connect(children, args);
      }) satisfies Resolve<Issue, IssueArguments>,
      comments: list<Issue, Comment>((issue) => commentsOf(state, issue), matchComment),
      customerTicketCount: () => 0,
      identifier: (issue: Issue) => identifierOf(issue),
      inheritsSharedAccess: () => false,
      inverseRelations: list<Issue, IssueRelation>((issue, context) =>
        visibleRelations(issue.inverseRelations, context),
      ),
      labelIds: (issue: Issue) => issue.labels.map(({ id }) => id),
      labels: list<Issue, IssueLabel>((issue) => issue.labels, matchLabel),
      parent: ((issue, _, context) => seen(context, issue.parent)) satisfies Resolve<Issue, unknown>,
      priorityLabel: (issue: Issue) => priorityLabels[issue.priority] ?? priorityLabels[0],
      prioritySortOrder: (issue: Issue) => -issue.number,
      reactionData: emptyObject,
      reactions: emptyList,
      relations: list<Issue, IssueRelation>((issue, context) => visibleRelations(issue.relations, context)),
      sharedAccess: () => ({
        disallowedIssueFields: [],
        isShared: false,
        sharedWithCount: 0,
        sharedWithUsers: [],
        viewerHasOnlySharedAccess: false,
      }),
      sortOrder: (issue: Issue) => -issue.number * 10,
      subscribers: list<Issue, User>(
        (issue) => [issue.creator, issue.assignee].filter((user) => user !== null),
        matchUser,
      ),
      syncedWith: nothing,
      url,
    },
    Comment: {
      children: list<Comment, Comment>((comment) =>
        commentsOf(state, comment.issue).filter((one) => one.parent === comment),
      ),
      issueId: (comment: Comment) => comment.issue.id,
      parent: parentOf,
      parentId: (comment: Comment) => parentOf(comment)?.id ?? null,
      reactionData: emptyObject,
      reactions: emptyList,
      url: (comment: Comment) => `${url(comment.issue)}#comment-${comment.id.slice(0, 8)}`,
    },
    Attachment: { groupBySource: () => false, metadata: emptyObject },
  };
  return { ...(maps as unknown as ResolverMap), ...createMutations(state) };
}

/** Linear's names of the priorities 0 to 4. */
const priorityLabels = ["No priority", "Urgent", "High", "Medium", "Low"] as const;

function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
}

function initialsOf(name: string): string {
  return name
    .split(" ")
    .map((word) => word.slice(0, 1))
    .join("");
}

function isActive(cycle: Cycle, now: number): boolean {
  return cycle.startsAt <= now && now < cycle.endsAt;
}

function activeCycle(team: Team, now: number): Cycle | undefined {
  return team.cycles.find((cycle) => isActive(cycle, now));
}
