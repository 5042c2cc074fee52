import {
  type Attachment,
  type Comment,
  type Cycle,
  type Issue,
  type IssueLabel,
  identifierOf,
  type Team,
  type User,
  type WorkflowState,
} from "./records.ts";

/** A coerced GraphQL filter object: times are numbers. */
export type Filter = Readonly<Record<string, unknown>>;

type Scope = { readonly now: number; readonly viewer: User };
type Test<T> = (condition: Filter, item: T, scope: Scope) => boolean;
type Fields<T> = Readonly<Record<string, Test<T>>>;

type Value = string | number | boolean | null;

const fold = (value: unknown) => String(value).toLowerCase();

const operators: Readonly<Record<string, (value: Value, wanted: unknown) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  neq: (value, wanted) => value !== wanted,
  in: (value, wanted) => Array.isArray(wanted) && wanted.includes(value),
  nin: (value, wanted) => Array.isArray(wanted) && !wanted.includes(value),
  null: (value, wanted) => (value === null) === wanted,
  gt: (value, wanted) => value !== null && value > (wanted as Value & {}),
  gte: (value, wanted) => value !== null && value >= (wanted as Value & {}),
  lt: (value, wanted) => value !== null && value < (wanted as Value & {}),
  lte: (value, wanted) => value !== null && value <= (wanted as Value & {}),
  eqIgnoreCase: (value, wanted) => fold(value) === fold(wanted),
  neqIgnoreCase: (value, wanted) => fold(value) !== fold(wanted),
  contains: (value, wanted) => String(value ?? "").includes(String(wanted)),
  notContains: (value, wanted) => !String(value ?? "").includes(String(wanted)),
  containsIgnoreCase: (value, wanted) => fold(value ?? "").includes(fold(wanted)),
  notContainsIgnoreCase: (value, wanted) => !fold(value ?? "").includes(fold(wanted)),
  startsWith: (value, wanted) => String(value ?? "").startsWith(String(wanted)),
  notStartsWith: (value, wanted) => !String(value ?? "").startsWith(String(wanted)),
  startsWithIgnoreCase: (value, wanted) => fold(value ?? "").startsWith(fold(wanted)),
  endsWith: (value, wanted) => String(value ?? "").endsWith(String(wanted)),
  notEndsWith: (value, wanted) => !String(value ?? "").endsWith(String(wanted)),
};

function compare<T>(read: (item: T, scope: Scope) => Value): Test<T> {
  return (condition, item, scope) => {
    const value = read(item, scope);
    return Object.entries(condition).every(([name, wanted]) => {
      const operator = operators[name];
      if (operator === undefined) throw new Error(`The emulator does not know the comparison "${name}".`);
      return wanted === null || wanted === undefined || operator(value, wanted);
    });
  };
}

/** All given fields must match; `and` and `or` nest. */
function matchFields<T>(fields: Fields<T>): Test<T> {
  const match: Test<T> = (filter, item, scope) =>
    Object.entries(filter).every(([name, condition]) => {
      if (condition === null || condition === undefined) return true;
      if (name === "and") return (condition as Filter[]).every((part) => match(part, item, scope));
      if (name === "or") return (condition as Filter[]).some((part) => match(part, item, scope));
      const test = fields[name];
      if (test === undefined) throw new Error(`The emulator does not know the filter "${name}".`);
      return test(condition as Filter, item, scope);
    });
  return match;
}

function nested<T, U>(read: (item: T) => U | null, match: () => Test<U>): Test<T> {
  return (condition, item, scope) => {
    const { null: wantsNull, ...rest } = condition;
    const value = read(item);
    if (typeof wantsNull === "boolean" && (value === null) !== wantsNull) return false;
    if (Object.keys(rest).length === 0) return true;
    return value !== null && match()(rest, value, scope);
  };
}

/** `some`, `every`, `length`, or plain conditions that any item must meet. */
function collection<T, U>(read: (item: T) => readonly U[], match: () => Test<U>): Test<T> {
  return (condition, item, scope) => {
    const values = read(item);
    const { some, every, length, null: wantsNone, and, or, ...plain } = condition;
    const own = match();
    const again = collection(read, match);
    return (
      (typeof wantsNone !== "boolean" || (values.length === 0) === wantsNone) &&
      (!some || values.some((value) => own(some as Filter, value, scope))) &&
      (!every || values.every((value) => own(every as Filter, value, scope))) &&
      (!length || compare<number>((count) => count)(length as Filter, values.length, scope)) &&
      (!and || (and as Filter[]).every((part) => again(part, item, scope))) &&
      (!or || (or as Filter[]).some((part) => again(part, item, scope))) &&
      (Object.keys(plain).length === 0 || values.some((value) => own(plain, value, scope)))
    );
  };
}

type DatedItem = { readonly id: string; readonly createdAt: number; readonly updatedAt: number };

function datedFields<T extends DatedItem>(): Fields<T> {
  return {
    id: compare((item) => item.id),
    createdAt: compare((item) => item.createdAt),
    updatedAt: compare((item) => item.updatedAt),
  };
}

export const matchUser: Test<User> = matchFields<User>({
  ...datedFields<User>(),
  active: compare(() => true),
  admin: compare((user) => user.admin),
  displayName: compare((user) => user.displayName),
  email: compare((user) => user.email),
  isMe: compare((user, scope) => user === scope.viewer),
  name: compare((user) => user.name),
});

export const matchTeam: Test<Team> = matchFields<Team>({
  ...datedFields<Team>(),
  key: compare((team) => team.key),
  name: compare((team) => team.name),
  private: compare(() => false),
});

export const matchState: Test<WorkflowState> = matchFields<WorkflowState>({
  ...datedFields<WorkflowState>(),
  description: compare(() => null),
  name: compare((state) => state.name),
  position: compare((state) => state.position),
  team: nested(
    (state) => state.team,
    () => matchTeam,
  ),
  type: compare((state) => state.type),
});

export const matchLabel: Test<IssueLabel> = matchFields<IssueLabel>({
  ...datedFields<IssueLabel>(),
  creator: nested<IssueLabel, User>(
    () => null,
    () => matchUser,
  ),
  isGroup: compare((label) => label.isGroup),
  name: compare((label) => label.name),
  parent: nested<IssueLabel, IssueLabel>(
    (label) => label.parent,
    () => matchLabel,
  ),
  team: nested(
    (label) => label.team,
    () => matchTeam,
  ),
});

export const matchCycle: Test<Cycle> = matchFields<Cycle>({
  ...datedFields<Cycle>(),
  endsAt: compare((cycle) => cycle.endsAt),
  isActive: compare((cycle, { now }) => cycle.startsAt <= now && now < cycle.endsAt),
  isFuture: compare((cycle, { now }) => now < cycle.startsAt),
  isPast: compare((cycle, { now }) => cycle.endsAt <= now),
  name: compare((cycle) => cycle.name),
  number: compare((cycle) => cycle.number),
  startsAt: compare((cycle) => cycle.startsAt),
  team: nested(
    (cycle) => cycle.team,
    () => matchTeam,
  ),
});

const related = (type: string, side: "relations" | "inverseRelations") =>
  compare<Issue>((issue) => issue[side].some((relation) => relation.type === type));

export const matchIssue: Test<Issue> = matchFields<Issue>({
  ...datedFields<Issue>(),
  // Identifiers are accepted where ids are, as in `issue(id:)`.
  id: (condition, issue, scope) =>
    compare<Issue>((one) => one.id)(condition, issue, scope) ||
    compare<Issue>((one) => identifierOf(one))(condition, issue, scope),
  archivedAt: compare((issue) => issue.archivedAt),
  assignee: nested(
    (issue) => issue.assignee,
    () => matchUser,
  ),
  canceledAt: compare((issue) => issue.canceledAt),
  children: collection(
    (issue) => issue.children,
    () => matchIssue,
  ),
  completedAt: compare((issue) => issue.completedAt),
  creator: nested(
    (issue) => issue.creator,
    () => matchUser,
  ),
  cycle: nested(
    (issue) => issue.cycle,
    () => matchCycle,
  ),
  description: compare((issue) => issue.description),
  dueDate: compare((issue) => issue.dueDate),
  estimate: compare((issue) => issue.estimate),
  hasBlockedByRelations: related("blocks", "inverseRelations"),
  hasBlockingRelations: related("blocks", "relations"),
  hasDuplicateRelations: related("duplicate", "relations"),
  hasRelatedRelations: related("related", "relations"),
  labels: collection(
    (issue) => issue.labels,
    () => matchLabel,
  ),
  number: compare((issue) => issue.number),
  parent: nested(
    (issue) => issue.parent,
    () => matchIssue,
  ),
  priority: compare((issue) => issue.priority),
  startedAt: compare((issue) => issue.startedAt),
  state: nested(
    (issue) => issue.state,
    () => matchState,
  ),
  team: nested(
    (issue) => issue.team,
    () => matchTeam,
  ),
  title: compare((issue) => issue.title),
});

export const matchComment: Test<Comment> = matchFields<Comment>({
  ...datedFields<Comment>(),
  body: compare((comment) => comment.body),
  issue: nested(
    (comment) => comment.issue,
    () => matchIssue,
  ),
  user: nested(
    (comment) => comment.user,
    () => matchUser,
  ),
});

export const matchAttachment: Test<Attachment> = matchFields<Attachment>({
  ...datedFields<Attachment>(),
  creator: nested(
    (attachment) => attachment.creator,
    () => matchUser,
  ),
  subtitle: compare((attachment) => attachment.subtitle),
  title: compare((attachment) => attachment.title),
  url: compare((attachment) => attachment.url),
});

/** The value that a filter requires of a nested field with `eq`: `{team: {id: {eq: "…"}}}`. */
export function findEqual(filter: Filter | null | undefined, path: readonly [string, string]): string | undefined {
  const outer = filter?.[path[0]] as Filter | null | undefined;
  const inner = outer?.[path[1]] as Filter | null | undefined;
  const value = inner?.["eq"];
  return typeof value === "string" ? value : undefined;
}

/** A filter's bounds on a time, to read only that part of an index. */
export function findBounds(
  filter: Filter | null | undefined,
  field: string,
): { readonly from: number; readonly to: number } {
  const condition = (filter?.[field] ?? {}) as Filter;
  const pick = (names: readonly string[]) =>
    names.map((name) => condition[name]).filter((value) => typeof value === "number");
  return { from: Math.max(-Infinity, ...pick(["gte", "gt"])), to: Math.min(Infinity, ...pick(["lte", "lt"])) };
}
