import { type Clause, type Jql, JqlError, type Order } from "./jql-parse.ts";
import { type Test, toTest, updatedOf } from "./jql-terms.ts";
import { fold, type Scope, toProject, toTime } from "./jql-values.ts";
import type { Issue, Project } from "./records.ts";

/** A query prepared for one account. */
export type Plan = {
  readonly test: Test;
  readonly compare: (a: Issue, b: Issue) => number;
  /** null: every visible project. */
  readonly projects: readonly Project[] | null;
  /** No issue updated before this time matches. */
  readonly from: number;
  /** Whether the search index already has the requested order. */
  readonly isIndexOrder: boolean;
};

/** Throws `JqlError` with Jira's wording for unknown fields, values and operators. */
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

const isKey = (field: string) => ["key", "issuekey", "issue", "id"].includes(field);

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

/** The projects allowed by the conditions that must all hold. */
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

/** Whether a query restricts its results: Cloud rejects one that could match every issue. */
export function isBounded(clause: Clause | null): boolean {
  if (clause === null) return false;
  if (clause.kind === "not") return false;
  if (clause.kind !== "term") {
    return clause.kind === "and" ? clause.clauses.some(isBounded) : clause.clauses.every(isBounded);
  }
  return clause.operator !== "!=" && clause.operator !== "not in" && clause.operator !== "is not";
}
