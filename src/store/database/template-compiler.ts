import { SqliteQueryCompiler } from "kysely";
import type { OperationNode, QueryCompiler, RawNode, ValueNode } from "kysely";

/**
 * Compiles queries for SQLite: `sql` templates, which most of the store's are, by looking up what their pieces gave before; what else Kysely can build, or stands
 * in a template (names of tables and columns), by its own compiler.
 */
export const templateCompiler: QueryCompiler = {
  compileQuery(query, queryId) {
    if (query.kind === "RawNode") {
      if (query.parameters.every(isBound)) {
        return { query, queryId, sql: plainTextOf(query), parameters: query.parameters.map(({ value: one }) => one) };
      }
      const parameters: unknown[] = [];
      const steps: object[] = [];
      if (readTemplate(query, steps, parameters)) return { query, queryId, sql: textOf(query, steps), parameters };
    }
    return new SqliteQueryCompiler().compileQuery(query, queryId);
  },
};

const plainTexts = new WeakMap<object, string>();

/** The text of a template that holds values alone. The words of a `sql` literal are one and the same array at every call. */
function plainTextOf({ sqlFragments }: RawNode): string {
  let text = plainTexts.get(sqlFragments);
  if (text === undefined) plainTexts.set(sqlFragments, (text = sqlFragments.join("?")));
  return text;
}

/** A place in the known templates: the text of the one that ends here, and those that go on. */
type Place = { text: string | null; readonly next: WeakMap<object, Place> };

const newPlace = (): Place => ({ text: null, next: new WeakMap() });
const start = newPlace();
/** Stands for a value among a template's pieces. */
const value = {};
/** Long ones are lists of values, hardly ever the same. */
const maxSteps = 48;

/**
 * The text of a template with others in it: the pieces say which text it is. One and the same text finds its prepared statement sooner than an equal one.
 */
function textOf(template: RawNode, steps: readonly object[]): string {
  if (steps.length > maxSteps) return writeText(template);
  let place = start;
  for (const step of steps) {
    let next = place.next.get(step);
    if (next === undefined) place.next.set(step, (next = newPlace()));
    place = next;
  }
  return (place.text ??= writeText(template));
}

/** Collects a template's pieces, in their order, and its values; false where it has other pieces than values and templates. */
function readTemplate({ sqlFragments, parameters: pieces }: RawNode, steps: object[], parameters: unknown[]): boolean {
  steps.push(sqlFragments);
  for (const piece of pieces) {
    if (isTemplate(piece)) {
      if (!readTemplate(piece, steps, parameters)) return false;
    } else if (isBound(piece)) {
      steps.push(value);
      parameters.push(piece.value);
    } else return false;
  }
  return true;
}

function writeText({ sqlFragments, parameters: pieces }: RawNode): string {
  return pieces.reduce<string>(
    (text, piece, index) => text + (isTemplate(piece) ? writeText(piece) : "?") + (sqlFragments[index + 1] ?? ""),
    sqlFragments[0] ?? "",
  );
}

function isTemplate(piece: OperationNode): piece is RawNode {
  return piece.kind === "RawNode";
}

function isBound(piece: OperationNode): piece is ValueNode {
  return piece.kind === "ValueNode" && (piece as ValueNode).immediate !== true;
}
