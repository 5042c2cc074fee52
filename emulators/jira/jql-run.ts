import type { Account } from "./access.ts";
import { type Clause, JqlError, type Jql, type Operator, type Order, type Value } from "./jql-parse.ts";
import { readJqlTime } from "./jql-time.ts";
import type { Issue, Project, User } from "./records.ts";
import { findIssue, findUser, indexTime, type JiraState } from "./state.ts";

export type Test = (issue: Issue) => boolean;

/** A query made ready to run for one account. */
export type Plan = {
  readonly test: Test;
  readonly compare: (a: Issue, b: Issue) => number;
  /** null: every visible project. */
  readonly projects: readonly Project[] | null;
  /** No issue updated before this fits. */
  readonly from: number;
  /** Whether the search index has the order already. */
  readonly isIndexOrder: boolean;
};

type Scope = { readonly state: JiraState; readonly account: Account };

/** Throws `JqlError` with Jira's words for unknown fields, values and operators. */
export function planJql(jql: Jql, scope: Scope): Plan {
  const comparisons = jql.order.map((order) => ({ order, compare: compareBy(order, scope) }));
  const [first, second] = jql.order;
  return {
    test: jql.where === null ? () => true : toTest(jql.where, scope),
    compare: (a, b) => {
      for (const { order, compare } of comparisons) {
        const result = compare(a, b);
        if (result !== 0) return order.descending ? -result : result;
      }
      return a.id - b.id;
    },
    projects: projectsOf(jql.where, scope),
    from: lowerBound(jql.where, scope),
    isIndexOrder:
      first !== undefined &&
      fold(first.field) === "updated" &&
      !first.descending &&
      (second === undefined || (isKey(fold(second.field)) && !second.descending)),
  };
}

const fold = (text: string) => text.toLowerCase();
const isKey = (field: string) => ["key", "issuekey", "issue", "id"].includes(field);

/** Times are compared as the index keeps them. */
function updatedOf({ state }: Scope): (issue: Issue) => number {
  return (issue) => indexTime(state.edition, issue.updatedAt);
}

function compareBy({ field }: Order, scope: Scope): (a: Issue, b: Issue) => number {
  const byKey = (a: Issue, b: Issue) =>
    a.project.key === b.project.key ? a.number - b.number : a.project.key < b.project.key ? -1 : 1;
  const updated = updatedOf(scope);
  switch (fold(field)) {
    case "updated":
      return (a, b) => updated(a) - updated(b);
    case "created":
      return (a, b) => a.createdAt - b.createdAt;
    case "resolved":
    case "resolutiondate":
      return (a, b) => (a.resolvedAt ?? 0) - (b.resolvedAt ?? 0);
    case "key":
    case "issuekey":
    case "id":
    case "issue":
      return byKey;
    case "priority":
      return (a, b) => (b.priority?.id ?? 0) - (a.priority?.id ?? 0);
    case "status":
      return (a, b) => a.status.id - b.status.id;
    case "summary":
      return (a, b) => (a.summary < b.summary ? -1 : a.summary > b.summary ? 1 : 0);
    default:
      throw new JqlError(`Not able to sort using field '${field}'.`);
  }
}

/** The projects that conditions which all must hold allow. */
function projectsOf(clause: Clause | null, scope: Scope): readonly Project[] | null {
  if (clause === null) return null;
  if (clause.kind === "and") {
    return clause.clauses.map((one) => projectsOf(one, scope)).find((found) => found !== null) ?? null;
  }
  if (clause.kind !== "term" || fold(clause.field) !== "project") return null;
  if (clause.operator !== "=" && clause.operator !== "in") return null;
  return clause.values.map((value) => toProject(value, scope));
}

function lowerBound(clause: Clause | null, scope: Scope): number {
  if (clause === null) return -Infinity;
  if (clause.kind === "and") return Math.max(...clause.clauses.map((one) => lowerBound(one, scope)));
  if (clause.kind !== "term" || fold(clause.field) !== "updated") return -Infinity;
  if (clause.operator !== ">" && clause.operator !== ">=") return -Infinity;
  const [value] = clause.values;
  return value === undefined ? -Infinity : toTime(value, clause.field, scope);
}

function toTest(clause: Clause, scope: Scope): Test {
  if (clause.kind === "not") {
    const inner = toTest(clause.clause, scope);
    return (issue) => !inner(issue);
  }
  if (clause.kind !== "term") {
    const tests = clause.clauses.map((one) => toTest(one, scope));
    return clause.kind === "and"
      ? (issue) => tests.every((test) => test(issue))
      : (issue) => tests.some((test) => test(issue));
  }
  return termTest(clause.field, clause.operator, clause.values, scope);
}

function termTest(field: string, operator: Operator, values: readonly Value[], scope: Scope): Test {
  const { state } = scope;
  const name = fold(field);
  const same = <T>(of: (issue: Issue) => readonly T[], find: (value: Value) => T | null): Test =>
    equality(field, operator, values, of, find);
  switch (name) {
    case "project":
      return same(
        (issue) => [issue.project],
        (value) => toProject(value, scope),
      );
    case "key":
    case "issuekey":
    case "issue":
    case "id":
      return keyTest(field, operator, values, scope);
    case "updated":
      return timeTest(field, operator, values, updatedOf(scope), scope);
    case "created":
      return timeTest(field, operator, values, (issue) => issue.createdAt, scope);
    case "resolved":
    case "resolutiondate":
      return timeTest(field, operator, values, (issue) => issue.resolvedAt, scope);
    case "status":
      return same((issue) => [issue.status.id], byName(field, state.statuses));
    case "statuscategory":
      return same(
        (issue) => [issue.status.category],
        (value) => toCategory(value, field),
      );
    case "resolution":
      return same(
        (issue) => (issue.resolution === null ? [] : [issue.resolution.id]),
        (value) =>
          value.kind === "text" && fold(value.text) === "unresolved" ? null : byName(field, state.resolutions)(value),
      );
    case "priority":
      return same((issue) => (issue.priority === null ? [] : [issue.priority.id]), byName(field, state.priorities));
    case "issuetype":
    case "type":
      return same((issue) => [issue.type.id], byName(field, state.types));
    case "labels":
      return same(
        (issue) => issue.labels.map(fold),
        (value) => (value.kind === "text" ? fold(value.text) : null),
      );
    case "assignee":
      return same(
        (issue) => (issue.assignee ? [issue.assignee] : []),
        (value) => toUser(value, field, scope),
      );
    case "reporter":
    case "creator":
      return same(
        (issue) => [issue.creator],
        (value) => toUser(value, field, scope),
      );
    case "parent":
      return same(
        (issue) => (issue.parent ? [issue.parent] : []),
        (value) => (value.kind === "text" ? toIssue(value.text, field, scope) : null),
      );
    case "summary":
    case "text": {
      if (operator !== "~" && operator !== "!~") throw unsupported(operator, field);
      const words = values.map((value) => (value.kind === "text" ? fold(value.text) : ""));
      const has: Test = (issue) =>
        words.every((word) => fold(name === "text" ? `${issue.summary} ${issue.typed}` : issue.summary).includes(word));
      return operator === "~" ? has : (issue) => !has(issue);
    }
    default:
      throw new JqlError(`Field '${field}' does not exist or you do not have permission to view it.`);
  }
}

/** `=`, `!=`, `in`, `not in`, `is empty`, `is not empty`. As in Jira, what has no value is not unequal either. */
function equality<T>(
  field: string,
  operator: Operator,
  values: readonly Value[],
  of: (issue: Issue) => readonly T[],
  find: (value: Value) => T | null,
): Test {
  const isEmpty: Test = (issue) => of(issue).length === 0;
  if (operator === "is" || operator === "is not") {
    if (values[0]?.kind !== "empty") {
      throw new JqlError(`The operator '${operator.toUpperCase()}' only works with EMPTY or NULL.`);
    }
    return operator === "is" ? isEmpty : (issue) => !isEmpty(issue);
  }
  if (operator !== "=" && operator !== "!=" && operator !== "in" && operator !== "not in")
    throw unsupported(operator, field);
  const wanted = new Set(values.map((value) => (value.kind === "empty" ? null : find(value))));
  const has: Test = (issue) => (isEmpty(issue) ? wanted.has(null) : of(issue).some((one) => wanted.has(one)));
  if (operator === "=" || operator === "in") return has;
  return (issue) => !isEmpty(issue) && !has(issue);
}

/** Keys have an order inside one project: by number. */
function keyTest(field: string, operator: Operator, values: readonly Value[], scope: Scope): Test {
  if (operator === "=" || operator === "!=" || operator === "in" || operator === "not in") {
    return equality(
      field,
      operator,
      values,
      (issue) => [issue.id],
      (value) => (value.kind === "text" ? toIssue(value.text, field, scope).id : null),
    );
  }
  const [value] = values;
  if (value?.kind !== "text" || !["<", "<=", ">", ">="].includes(operator)) throw unsupported(operator, field);
  const match = /^([A-Za-z][A-Za-z0-9_]+)-(\d+)$/.exec(value.text);
  if (match === null) throw new JqlError(`The issue key '${value.text}' for field '${field}' is invalid.`);
  const project = (match[1] ?? "").toUpperCase();
  const number = Number(match[2]);
  return (issue) => issue.project.key === project && holds(operator, issue.number - number);
}

function timeTest(
  field: string,
  operator: Operator,
  values: readonly Value[],
  of: (issue: Issue) => number | null,
  scope: Scope,
): Test {
  if (operator === "is" || operator === "is not") {
    return operator === "is" ? (issue) => of(issue) === null : (issue) => of(issue) !== null;
  }
  const [value] = values;
  if (value === undefined || !["=", "!=", "<", "<=", ">", ">="].includes(operator)) throw unsupported(operator, field);
  const time = indexTime(scope.state.edition, toTime(value, field, scope));
  return (issue) => {
    const own = of(issue);
    return own !== null && holds(operator, own - time);
  };
}

function holds(operator: Operator, difference: number): boolean {
  switch (operator) {
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    case "!=":
      return difference !== 0;
    default:
      return difference === 0;
  }
}

function toTime(value: Value, field: string, { state, account }: Scope): number {
  if (value.kind === "function" && fold(value.name) === "now") return state.now();
  if (value.kind !== "text") throw new JqlError(`A value provided by the function '${field}' is not a time.`);
  return readJqlTime(value.text, field, { timeZone: account.timeZone, now: state.now() });
}

function toProject(value: Value, { state, account }: Scope): Project {
  const text = value.kind === "text" ? value.text : "";
  const found = state.projects.find(
    (project) =>
      account.sees(project) &&
      (project.key === text.toUpperCase() || String(project.id) === text || fold(project.name) === fold(text)),
  );
  if (found !== undefined) return found;
  throw new JqlError(
    /^\d+$/.test(text)
      ? `A value with ID '${text}' does not exist for the field 'project'.`
      : `The value '${text}' does not exist for the field 'project'.`,
  );
}

function toIssue(text: string, field: string, { state, account }: Scope): Issue {
  const issue = findIssue(state, text);
  if (issue !== undefined && account.sees(issue.project)) return issue;
  throw new JqlError(
    /^\d+$/.test(text)
      ? `A value with ID '${text}' does not exist for the field '${field}'.`
      : `An issue with key '${text}' does not exist for field '${field}'.`,
  );
}

/** People by account id in Cloud, by name in Data Center. */
function toUser(value: Value, field: string, { state, account }: Scope): User {
  if (value.kind === "function" && fold(value.name) === "currentuser") return account.user;
  const text = value.kind === "text" ? value.text : "";
  const found = state.edition === "cloud" ? state.users.find((user) => user.accountId === text) : findUser(state, text);
  if (found === undefined) throw new JqlError(`The value '${text}' does not exist for the field '${field}'.`);
  return found;
}

const categories: Readonly<Record<string, string>> = {
  "to do": "new",
  new: "new",
  "2": "new",
  "in progress": "indeterminate",
  indeterminate: "indeterminate",
  "4": "indeterminate",
  done: "done",
  complete: "done",
  "3": "done",
};

function toCategory(value: Value, field: string): string {
  const text = value.kind === "text" ? value.text : "";
  const found = categories[fold(text)];
  if (found === undefined) throw new JqlError(`The value '${text}' does not exist for the field '${field}'.`);
  return found;
}

function byName(
  field: string,
  known: readonly { readonly id: number; readonly name: string }[],
): (value: Value) => number {
  return (value) => {
    const text = value.kind === "text" ? value.text : "";
    const found = known.find((one) => fold(one.name) === fold(text) || String(one.id) === text);
    if (found === undefined) throw new JqlError(`The value '${text}' does not exist for the field '${field}'.`);
    return found.id;
  };
}

function unsupported(operator: Operator, field: string): JqlError {
  return new JqlError(`The operator '${operator.toUpperCase()}' is not supported by the '${field}' field.`);
}

/** Whether a query restricts what it finds: one that may name every issue is refused in Cloud. */
export function isBounded(clause: Clause | null): boolean {
  if (clause === null) return false;
  if (clause.kind === "not") return false;
  if (clause.kind !== "term") {
    return clause.kind === "and" ? clause.clauses.some(isBounded) : clause.clauses.every(isBounded);
  }
  return clause.operator !== "!=" && clause.operator !== "not in" && clause.operator !== "is not";
}
