import type { WireReply } from "../server/http-server.ts";
import type { Entity, EntityType } from "./entities.ts";
import { checkAttributes, EvaluationError, matches } from "./evaluate.ts";
import { parseQuery, type Query, QueryError } from "./query-grammar.ts";
import { queryReply } from "./replies.ts";
import { readFetch, type Wire } from "./wire.ts";

const defaultPageSize = 20;

export type ListOptions = {
  readonly types: readonly EntityType[];
  /** The queryable attributes for lists of the common type; null: the types' own. */
  readonly common: readonly string[] | null;
  /** In the requested `order` if `isOrdered` is set. */
  readonly entities: (order: string | null) => { readonly entities: Iterable<Entity>; readonly isOrdered: boolean };
  readonly largestPage: number;
};

/** A page of a list: `query`, `order`, `start` (from 1), `pagesize`, `fetch`. */
export function listReply(wire: Wire, query: URLSearchParams, options: ListOptions): WireReply {
  const start = readNumber(query.get("start"), 1);
  const wanted = readNumber(query.get("pagesize") ?? query.get("pageSize"), defaultPageSize);
  const pageSize = Math.min(Math.max(1, wanted), options.largestPage);
  const page = { start, pageSize };
  try {
    const condition = readCondition(query.get("query"), options);
    const order = query.get("order");
    const { entities, isOrdered } = options.entities(order);
    const found: Entity[] = [];
    for (const entity of entities) if (condition === null || matches(condition, entity)) found.push(entity);
    if (!isOrdered) sort(found, order ?? "ObjectID", options.types);
    const results = found.slice(start - 1, start - 1 + pageSize);
    const fetch = readFetch(query);
    return queryReply({ ...page, total: found.length, results: results.map((entity) => wire.write(entity, fetch)) });
  } catch (error) {
    if (error instanceof QueryError) return queryReply({ ...page, errors: [`Could not parse: ${error.message}`] });
    if (error instanceof EvaluationError) return queryReply({ ...page, errors: [error.message] });
    throw error;
  }
}

function readCondition(text: string | null, { types, common }: ListOptions): Query | null {
  if (text === null || text.trim() === "") return null;
  const query = parseQuery(text);
  checkAttributes(query, types, common);
  return query;
}

function readNumber(text: string | null, fallback: number): number {
  const value = Number(text ?? fallback);
  if (!Number.isInteger(value) || value < 1)
    throw new EvaluationError(`Could not parse: "${text ?? ""}" is no number from 1 on`);
  return value;
}

function sort(entities: Entity[], order: string, types: readonly EntityType[]): void {
  const keys = order.split(",").map((part) => {
    const [name = "", direction = "ASC"] = part.trim().split(/\s+/);
    if (!types.every((type) => type.attributes.includes(name)) || !/^(asc|desc)$/i.test(direction)) {
      throw new EvaluationError(`Could not parse: Cannot sort using "${part.trim()}"`);
    }
    return { name, sign: direction.toLowerCase() === "asc" ? 1 : -1 };
  });
  entities.sort((a, b) => {
    for (const { name, sign } of keys) {
      const difference = compareKeys(keyOf(a, name), keyOf(b, name));
      if (difference !== 0) return difference * sign;
    }
    return a.oid - b.oid;
  });
}

function keyOf(entity: Entity, name: string): string | number {
  const cell = entity.cell(name);
  if (cell?.kind === "time") return cell.at ?? 0;
  if (cell?.kind === "word") return cell.order.indexOf(cell.value);
  if (cell?.kind === "plain") return typeof cell.value === "number" ? cell.value : String(cell.value ?? "");
  return cell?.kind === "reference" ? (cell.entity?.name ?? "") : 0;
}

function compareKeys(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}
