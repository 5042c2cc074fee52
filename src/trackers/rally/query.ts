import { PanopticonError } from "../../domain/error.ts";

/** A condition of a WSAPI query, as a tree: text is never pasted into a query. */
export type Condition =
  | { readonly attribute: string; readonly operator: Operator; readonly value: QueryValue }
  | { readonly join: "AND" | "OR"; readonly left: Condition; readonly right: Condition };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "!contains";

/** Times are Dates; null asks for what is empty. */
export type QueryValue = string | number | boolean | Date | null;

export function compare(attribute: string, operator: Operator, value: QueryValue): Condition {
  return { attribute, operator, value };
}

/** All of them; null for none at all. Joined pair by pair, since Rally knows no list of three. */
export function allOf(conditions: readonly (Condition | null)[]): Condition | null {
  return joined("AND", conditions);
}

export function anyOf(conditions: readonly (Condition | null)[]): Condition | null {
  return joined("OR", conditions);
}

/** Halves joined with halves, so that even a long list nests a few levels only. */
function joined(join: "AND" | "OR", conditions: readonly (Condition | null)[]): Condition | null {
  const given = conditions.filter((condition) => condition !== null);
  if (given.length <= 1) return given[0] ?? null;
  const middle = Math.ceil(given.length / 2);
  const left = joined(join, given.slice(0, middle));
  const right = joined(join, given.slice(middle));
  return left !== null && right !== null ? { join, left, right } : (left ?? right);
}

/** `((State = "Open") AND (ObjectID > 7))`. Throws `internal` for what can be no attribute or value: a mistake of the caller. */
export function writeQuery(condition: Condition): string {
  if ("join" in condition) return `(${writeQuery(condition.left)} ${condition.join} ${writeQuery(condition.right)})`;
  const { attribute, operator, value } = condition;
  if (!/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/.test(attribute)) {
    throw new PanopticonError("internal", `"${attribute}" is no attribute of Rally.`, { tracker: "rally" });
  }
  return `(${attribute} ${operator} ${writeValue(value)})`;
}

/** Texts always stand in quotes: a word could read as `null`, a number or a bracket. */
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
