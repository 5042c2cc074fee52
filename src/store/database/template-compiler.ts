import { SqliteQueryCompiler } from "kysely";
import type { OperationNode, QueryCompiler, RawNode, ValueNode } from "kysely";

/**
 * Compiles queries for SQLite: `sql` templates, which most of the store's are, in one pass over their pieces; what else Kysely can build, or stands in a
 * template (names of tables and columns), by its own compiler.
 */
export const templateCompiler: QueryCompiler = {
  compileQuery(query, queryId) {
    if (query.kind === "RawNode") {
      const parameters: unknown[] = [];
      const sql = compileRaw(query, parameters);
      if (sql !== null) return { query, queryId, sql, parameters };
    }
    return new SqliteQueryCompiler().compileQuery(query, queryId);
  },
};

/** The text of a template, its values added to `parameters`; null where it has other pieces than values and templates. */
function compileRaw({ sqlFragments, parameters: pieces }: RawNode, parameters: unknown[]): string | null {
  let text = sqlFragments[0] ?? "";
  for (const [index, piece] of pieces.entries()) {
    const part = compilePiece(piece, parameters);
    if (part === null) return null;
    text += part + (sqlFragments[index + 1] ?? "");
  }
  return text;
}

function compilePiece(piece: OperationNode, parameters: unknown[]): string | null {
  if (piece.kind === "RawNode") return compileRaw(piece as RawNode, parameters);
  if (piece.kind !== "ValueNode") return null;
  const { value, immediate } = piece as ValueNode;
  if (immediate === true) return null;
  parameters.push(value);
  return "?";
}
