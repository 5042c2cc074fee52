import type { Cell, Entity, EntityType } from "./entities.ts";
import type { Operator, Query, Value } from "./query-grammar.ts";

/** Rally's error for a query that parses but cannot be evaluated. */
export class EvaluationError extends Error {}

/** Queries on this type know only attributes that all artifacts share. */
export const artifactType = "Artifact";

/** Attributes of subtypes that cannot be queried on the common type. */
const specific = new Set(["State", "ScheduleState", "FlowState", "Iteration", "Release", "PlanEstimate", "Priority"]);

/** Rejects attributes that the queried types lack. Throws with Rally's wording. */
export function checkAttributes(query: Query, types: readonly EntityType[], common: readonly string[] | null): void {
  if (query.kind !== "comparison") {
    checkAttributes(query.left, types, common);
    checkAttributes(query.right, types, common);
    return;
  }
  const [first = ""] = query.attribute.split(".");
  const known = common ?? types.flatMap((type) => type.attributes);
  if (first === "ObjectID" || known.includes(first)) return;
  if (common !== null && specific.has(first)) {
    throw new EvaluationError("Could not read: could not read all instances of class com.f4tech.slm.domain.Artifact");
  }
  const name = common === null ? (types[0]?.name ?? "") : artifactType;
  throw new EvaluationError(
    `Could not parse: Could not find the attribute "${first}" on type ${name} in the query segment "${query.attribute}"`,
  );
}

export function matches(query: Query, entity: Entity): boolean {
  if (query.kind !== "comparison") {
    const left = matches(query.left, entity);
    return query.kind === "AND" ? left && matches(query.right, entity) : left || matches(query.right, entity);
  }
  return compare(entity, query.attribute.split("."), query.operator, query.value);
}

function compare(entity: Entity, path: readonly string[], operator: Operator, value: Value): boolean {
  const [first = "", ...rest] = path;
  const cell = entity.cell(first);
  if (cell === undefined) return false;
  if (rest.length > 0) {
    if (cell.kind === "reference") return cell.entity !== null && compare(cell.entity, rest, operator, value);
    if (cell.kind === "collection") return cell.entities().some((one) => compare(one, rest, operator, value));
    return false;
  }
  const isNull = !value.isQuoted && value.text === "null";
  if (isNull) {
    if (operator === "=") return isEmpty(cell);
    if (operator === "!=") return !isEmpty(cell);
    return false;
  }
  return compareCell(cell, operator, value.text);
}

function isEmpty(cell: Cell): boolean {
  switch (cell.kind) {
    case "plain":
      return cell.value === null || cell.value === "";
    case "time":
      return cell.at === null;
    case "word":
      return cell.value === "None";
    case "reference":
      return cell.entity === null;
    case "collection":
      return cell.count === 0;
  }
}

function compareCell(cell: Cell, operator: Operator, text: string): boolean {
  switch (cell.kind) {
    case "time": {
      const wanted = Date.parse(text);
      if (Number.isNaN(wanted)) throw new EvaluationError(`Could not parse: Cannot parse the date "${text}"`);
      return cell.at !== null && ordered(cell.at - wanted, operator);
    }
    case "word": {
      if (operator === "contains" || operator === "!contains") return contains(cell.value, operator, text);
      if (!cell.order.includes(text)) {
        throw new EvaluationError(
          `Could not parse: "${text}" is not a valid value; it must be one of ${cell.order.join(", ")}`,
        );
      }
      return ordered(cell.order.indexOf(cell.value) - cell.order.indexOf(text), operator);
    }
    case "reference": {
      const same = cell.entity !== null && Number(/(\d+)(?:\.js)?$/.exec(text)?.[1] ?? Number.NaN) === cell.entity.oid;
      if (operator === "=") return same;
      if (operator === "!=") return !same;
      throw new EvaluationError(`Could not parse: The operator "${operator}" cannot be used on a reference`);
    }
    case "collection":
      throw new EvaluationError("Could not parse: A collection cannot be compared; name one of its attributes");
    case "plain": {
      const { value } = cell;
      if (operator === "contains" || operator === "!contains") return contains(String(value ?? ""), operator, text);
      if (typeof value === "number") return ordered(value - Number(text), operator);
      if (typeof value === "boolean") return ordered(Number(value) - Number(text.toLowerCase() === "true"), operator);
      return ordered((value ?? "").localeCompare(text), operator);
    }
  }
}

/** `contains` ignores case. */
function contains(value: string, operator: "contains" | "!contains", text: string): boolean {
  return value.toLowerCase().includes(text.toLowerCase()) === (operator === "contains");
}

function ordered(difference: number, operator: Operator): boolean {
  switch (operator) {
    case "=":
      return difference === 0;
    case "!=":
      return difference !== 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    default:
      return false;
  }
}
