import { type Clause, JqlError, type Operator, type Value } from "./jql-parse.ts";
import { byName, fold, type Scope, toCategory, toIssue, toProject, toTime, toUser } from "./jql-values.ts";
import { type Issue, keyOf } from "./records.ts";
import { indexTime } from "./state.ts";

export type Test = (issue: Issue) => boolean;

/** Times are compared with the index's precision. */
export function updatedOf({ state }: Scope): (issue: Issue) => number {
  return (issue) => indexTime(state.edition, issue.updatedAt);
}

/** Compiles a condition to a test. Throws `JqlError` with Jira's wording. */
export function toTest(clause: Clause, scope: Scope): Test {
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

/** `=`, `!=`, `in`, `not in`, `is empty`, `is not empty`. As in Jira, `!=` does not match issues without a value. */
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

/** Keys are ordered by number within a project. */
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
  // Whatever the operator, the issue must currently have this key: Jira's own `IssueIdValidator`.
  if (keyOf(toIssue(value.text, field, scope)) !== value.text.toUpperCase()) {
    throw new JqlError(`Operator '${operator}' cannot be applied to moved issue key '${value.text}'.`);
  }
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

function unsupported(operator: Operator, field: string): JqlError {
  return new JqlError(`The operator '${operator.toUpperCase()}' is not supported by the '${field}' field.`);
}
