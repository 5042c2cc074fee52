import { PanopticonError } from "../../domain/error.ts";

/** A condition of a WSAPI query as a tree, so that text is never pasted into a query. */
export type Condition =
  | { readonly attribute: string; readonly operator: Operator; readonly value: QueryValue }
  | { readonly join: "AND" | "OR"; readonly left: Condition; readonly right: Condition };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "!contains";

/** Times are Dates; null matches empty values. */
export type QueryValue = string | number | boolean | Date | null;

export function compare(attribute: string, operator: Operator, value: QueryValue): Condition {
  return { attribute, operator, value };
}

/** Joins all conditions with AND; null if there are none. In pairs, because Rally's AND takes two operands. */
export function allOf(conditions: readonly (Condition | null)[]): Condition | null {
  return joined("AND", conditions);
}

export function anyOf(conditions: readonly (Condition | null)[]): Condition | null {
  return joined("OR", conditions);
}

/** Joins balanced halves, so that even a long list has few levels. */
function joined(join: "AND" | "OR", conditions: readonly (Condition | null)[]): Condition | null {
  const given = conditions.filter((condition) => condition !== null);
  if (given.length <= 1) return given[0] ?? null;
  const middle = Math.ceil(given.length / 2);
  const left = joined(join, given.slice(0, middle));
  const right = joined(join, given.slice(middle));
  return left !== null && right !== null ? { join, left, right } : (left ?? right);
}

/** Formats a condition: `((State = "Open") AND (ObjectID > 7))`. Throws `internal` for an invalid attribute or value, which is a bug of the caller. */
export function writeQuery(condition: Condition): string {
  if ("join" in condition) return `(${writeQuery(condition.left)} ${condition.join} ${writeQuery(condition.right)})`;
  const { attribute, operator, value } = condition;
  if (!/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/.test(attribute)) {
    throw new PanopticonError("internal", `"${attribute}" is no attribute of Rally.`, { tracker: "rally" });
  }
  return `(${attribute} ${operator} ${writeValue(value)})`;
}

/** Texts are always quoted: a word could be read as `null`, a number or a bracket. */
function writeValue(value: QueryValue): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new PanopticonError("internal", `${value} cannot be asked for.`, { tracker: "rally" });
    return String(value);
  }
  const text = value instanceof Date ? value.toISOString() : value;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
