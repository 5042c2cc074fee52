import { SqliteQueryCompiler } from "kysely";
import type { OperationNode, QueryCompiler, RawNode, ValueNode } from "kysely";

/**
 * Compiles queries for SQLite: looks up `sql` templates, which most of the store's queries are, by their pieces, and leaves everything else (query builders,
 * and templates with names of tables and columns) to Kysely's own compiler.
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

/** The text of a template that contains only values. The strings of a `sql` literal are the same array at every call. */
function plainTextOf({ sqlFragments }: RawNode): string {
  let text = plainTexts.get(sqlFragments);
  if (text === undefined) plainTexts.set(sqlFragments, (text = sqlFragments.join("?")));
  return text;
}

/** A node in the trie of known templates: the text of the one that ends here, and the ones that continue. */
type Place = { text: string | null; readonly next: WeakMap<object, Place> };

const newPlace = (): Place => ({ text: null, next: new WeakMap() });
const start = newPlace();
/** Represents a value among a template's pieces. */
const value = {};
/** Longer templates are lists of values and hardly ever repeat. */
const maxSteps = 48;

/** The text of a template with nested ones, identified by its pieces. Returning the identical string finds its prepared statement faster than an equal one. */
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

/** Collects a template's pieces in order and its values; returns false if it has pieces other than values and templates. */
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
