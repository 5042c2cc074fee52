import {
  buildASTSchema,
  GraphQLError,
  GraphQLObjectType,
  GraphQLScalarType,
  type GraphQLSchema,
  Kind,
  parse,
  type ValueNode,
} from "graphql";
import type { ResolverMap } from "./resolver-map.ts";
import { schemaText } from "./schema.ts";
import { webhooksSchemaText } from "./schema/webhooks.ts";
import { writesSchemaText } from "./schema/writes.ts";

/** The complete emulated schema; a test checks that it is valid. */
export const wholeSchema = parse(`${schemaText}\n${writesSchemaText}\n${webhooksSchemaText}`);

/** The schema with resolvers and scalars. `now`: the base of relative durations such as `-P2W`. */
export function createSchema(resolvers: readonly ResolverMap[], now: () => number): GraphQLSchema {
  const schema = buildASTSchema(wholeSchema, { assumeValid: true, assumeValidSDL: true });
  for (const [typeName, fields] of resolvers.flatMap((map) => Object.entries(map))) {
    const type = schema.getType(typeName);
    if (!(type instanceof GraphQLObjectType)) throw new Error(`The schema has no object type ${typeName}.`);
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type.getFields()[name];
      if (field === undefined) throw new Error(`The schema has no field ${typeName}.${name}.`);
      field.resolve = resolve;
    }
  }
  const time = (value: unknown) => (typeof value === "number" ? new Date(value).toISOString() : value);
  setScalar(schema, "DateTime", time, readTime);
  setScalar(schema, "DateTimeOrDuration", time, (value) => readDuration(value, now()) ?? readTime(value));
  setScalar(schema, "TimelessDate", (day) => day, readDay);
  return schema;
}

function setScalar(
  schema: GraphQLSchema,
  name: string,
  write: (value: unknown) => unknown,
  read: (value: unknown) => unknown,
): void {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLScalarType)) throw new Error(`The schema has no scalar ${name}.`);
  type.coerceOutputValue = write;
  type.coerceInputValue = read;
  type.coerceInputLiteral = (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : undefined);
}

function readTime(value: unknown): number {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new GraphQLError(`${JSON.stringify(value)} is no time in ISO 8601.`);
  return time;
}

/** Parses an existing calendar date. */
function readDay(value: unknown): string {
  const time = typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN;
  if (typeof value !== "string" || Number.isNaN(time) || !new Date(time).toISOString().startsWith(value)) {
    throw new GraphQLError(`${JSON.stringify(value)} is no day, such as 2026-11-22.`);
  }
  return value;
}

const unitMs: Readonly<Record<string, number>> = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1_000 };

/** Parses ISO 8601 durations of weeks, days and times; null for anything else. */
function readDuration(value: unknown, now: number): number | null {
  const match = typeof value === "string" ? /^(-?)P(?=.)((?:\d+[WD])*)(?:T((?:\d+[HMS])+))?$/.exec(value) : null;
  if (match === null) return null;
  let ms = 0;
  for (const [, count, unit] of `${match[2] ?? ""}${match[3] ?? ""}`.matchAll(/(\d+)([WDHMS])/g)) {
    ms += Number(count) * (unitMs[unit ?? ""] ?? 0);
  }
  return match[1] === "-" ? now - ms : now + ms;
}
