import type {
  Cycle as DomainCycle,
  Label as DomainLabel,
  NamedIssue,
  NativeAttachment,
  NativeComment,
  NativeIssue,
  NativeRelation,
  NativeState,
  Person,
  Vocabulary,
} from "../../domain/issue.ts";
import { toLabelColor } from "../label-color.ts";
import type { Attachment, Bot, Comment, Cycle, Issue, Label, Related, Relations, State, User } from "./schema.ts";

export function toIssue(issue: Issue): NativeIssue {
  return {
    nativeId: issue.id,
    key: issue.identifier,
    formerKeys: issue.previousIdentifiers,
    url: issue.url,
    type: "issue",
    title: issue.title,
    body: issue.description ?? "",
    stateId: issue.state.id,
    nativePriority: String(issue.priority),
    labelIds: issue.labelIds,
    assigneeIds: issue.assignee ? [issue.assignee.id] : [],
    authorId: authorOf(issue.creator, issue.externalUserCreator, issue.botActor)?.id ?? null,
    parentId: issue.parent?.id ?? null,
    cycleId: issue.cycle?.id ?? null,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.completedAt ?? issue.canceledAt ?? null,
    dueDate: issue.dueDate ?? null,
    estimate: issue.estimate ?? null,
    commentCount: null,
    children: null,
    relations: toRelations(issue),
    version: null,
    // Clients choose the ids; Panopticon uses the operation's.
    madeBy: issue.id,
  };
}

const outward: ReadonlyMap<string, NativeRelation["type"]> = new Map(
  Object.entries<NativeRelation["type"]>({
    blocks: "blocks",
    duplicate: "duplicates",
    related: "relates",
    similar: "relates",
  }),
);

/** Both directions, except that a duplicate is listed only on the duplicate itself. */
export function toRelations({ relations, inverseRelations }: Relations): NativeRelation[] {
  return [
    ...relations.nodes.map(({ id, type, relatedIssue }): NativeRelation => ({
      id,
      type: outward.get(type) ?? "relates",
      targetId: relatedIssue.id,
    })),
    ...inverseRelations.nodes.flatMap(({ id, type, issue }): NativeRelation[] =>
      type === "duplicate" ? [] : [{ id, type: type === "blocks" ? "blocked_by" : "relates", targetId: issue.id }],
    ),
  ];
}

/** The vocabulary contained in the issues of a page. */
export function toSeen(issues: readonly Issue[]): Partial<Vocabulary> {
  const states = new Map<string, NativeState>();
  const people = new Map<string, Person>();
  const cycles = new Map<string, DomainCycle>();
  const named = new Map<string, NamedIssue>();
  for (const issue of issues) {
    const { state, assignee, creator, externalUserCreator, botActor, cycle } = issue;
    states.set(state.id, toState(state));
    if (assignee) people.set(assignee.id, toPerson(assignee));
    const author = authorOf(creator, externalUserCreator, botActor);
    if (author !== null) people.set(author.id, author);
    if (cycle) cycles.set(cycle.id, toCycle(cycle));
    for (const other of namedIn(issue)) named.set(other.id, other);
  }
  return {
    states: [...states.values()],
    people: [...people.values()],
    cycles: [...cycles.values()],
    named: [...named.values()],
  };
}

/** The names of the parent and the related issues, as far as they were selected. */
function namedIn({ parent, relations, inverseRelations }: Issue): NamedIssue[] {
  const others: readonly (Related | null | undefined)[] = [
    parent,
    ...relations.nodes.map(({ relatedIssue }) => relatedIssue),
    ...inverseRelations.nodes.map(({ issue }) => issue),
  ];
  return others.flatMap((other) =>
    other?.identifier ? [{ id: other.id, key: other.identifier, title: other.title ?? "", url: other.url ?? "" }] : [],
  );
}

export function toState(state: State): NativeState {
  return { id: state.id, name: state.name, category: state.type, position: state.position };
}

export function toPerson(user: User): Person {
  return {
    id: user.id,
    login: user.displayName || user.name,
    name: user.name || user.displayName,
    avatarUrl: user.avatarUrl || null,
  };
}

/** The author of an issue or comment: a user of the workspace, else the person that an integration names, else the integration. */
function authorOf(
  user: User | null | undefined,
  externalUser: User | null | undefined,
  bot: Bot | null | undefined,
): Person | null {
  const person = user ?? externalUser;
  if (person) return toPerson(person);
  return bot ? toBot(bot) : null;
}

function toBot({ id, type, name, userDisplayName, avatarUrl }: Bot): Person {
  const own = name || type;
  return {
    id: ["bot", id || type, userDisplayName].filter(Boolean).join(":"),
    login: userDisplayName || own,
    name: userDisplayName ? `${userDisplayName} (${own})` : own,
    avatarUrl: avatarUrl || null,
  };
}

export function toCycle(cycle: Cycle): DomainCycle {
  return {
    id: cycle.id,
    name: cycle.name || `Cycle ${cycle.number}`,
    startsAt: cycle.startsAt ?? null,
    endsAt: cycle.endsAt ?? null,
  };
}

export function toLabel(label: Label): DomainLabel {
  return { id: label.id, name: label.name, color: toLabelColor(label.color) };
}

export function toAttachment({ id, title, url }: Attachment): NativeAttachment {
  return { id, name: title || url, url, contentType: null, size: null };
}

/** A comment and its author. */
export function toComment(comment: Comment): { readonly comment: NativeComment; readonly author: Person | null } {
  const author = authorOf(comment.user, comment.externalUser, comment.botActor);
  const { id, body, createdAt, updatedAt, parent } = comment;
  const thread = parent ? { replyTo: parent.id } : {};
  return { comment: { id, authorId: author?.id ?? null, body, createdAt, updatedAt, ...thread }, author };
}
