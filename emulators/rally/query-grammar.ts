/**
 * The query language of the Web Services API, read as strictly as Rally reads it: a comparison or two queries joined by one AND or OR,
 * each in its own parentheses. There is no list of three.
 *
 *     query      = "(" ( comparison | query join query ) ")"
 *     join       = "AND" | "OR"
 *     comparison = attribute " " operator " " value
 *     value      = quoted | word
 *
 * https://techdocs.broadcom.com/us/en/ca-enterprise-software/valueops/rally/rally-help/reference/rally-web-services-api/query-parameters.html
 */
export type Query =
  | { readonly kind: "comparison"; readonly attribute: string; readonly operator: Operator; readonly value: Value }
  | { readonly kind: "AND" | "OR"; readonly left: Query; readonly right: Query };

/** `null` only if written without quotes. */
export type Value = { readonly text: string; readonly isQuoted: boolean };

const operators = ["=", "!=", "<=", ">=", "<", ">", "contains", "!contains"] as const;
export type Operator = (typeof operators)[number];

/** Rally's message, without the `Could not parse: ` before it. */
export class QueryError extends Error {}

export function parseQuery(text: string): Query {
  const reader = createReader(text);
  reader.skipSpaces();
  const query = readQuery(reader, 0);
  reader.skipSpaces();
  if (!reader.atEnd()) throw expected("end of expression", reader);
  return query;
}

type Reader = {
  atEnd(): boolean;
  skipSpaces(): boolean;
  take(symbol: string): boolean;
  match(pattern: RegExp): string | null;
  /** The next token, as shown in messages. */
  next(): string;
};

const deepest = 500;

function readQuery(reader: Reader, depth: number): Query {
  if (depth > deepest) throw new QueryError("Error parsing expression -- too deeply nested.");
  if (!reader.take("(")) throw expected('"("', reader);
  reader.skipSpaces();
  const query = reader.next() === "(" ? readJoin(reader, depth) : readComparison(reader);
  reader.skipSpaces();
  if (!reader.take(")")) throw expected('")"', reader);
  return query;
}

function readJoin(reader: Reader, depth: number): Query {
  const left = readQuery(reader, depth + 1);
  reader.skipSpaces();
  const join = reader.match(/(?:AND|OR)(?![A-Za-z0-9_.])/y);
  if (join !== "AND" && join !== "OR") throw expected('"AND" or "OR"', reader);
  reader.skipSpaces();
  const right = readQuery(reader, depth + 1);
  return { kind: join, left, right };
}

function readComparison(reader: Reader): Query {
  const attribute = reader.match(/[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*/y);
  if (attribute === null) throw expected("an attribute", reader);
  if (!reader.skipSpaces()) throw expected('" "', reader);
  const written = reader.match(/[^\s()"]+/y);
  const operator = operators.find((one) => one === written);
  if (operator === undefined) throw new QueryError(`Error parsing expression -- unknown operator "${written ?? ""}".`);
  if (!reader.skipSpaces()) throw expected('" "', reader);
  return { kind: "comparison", attribute, operator, value: readValue(reader) };
}

function readValue(reader: Reader): Value {
  const quoted = reader.match(/"(?:[^"\\]|\\[^])*"/y);
  if (quoted !== null) return { text: quoted.slice(1, -1).replace(/\\([^])/g, "$1"), isQuoted: true };
  const word = reader.match(/[^\s()"]+/y);
  if (word === null) throw expected("a value", reader);
  return { text: word, isQuoted: false };
}

function expected(what: string, reader: Reader): QueryError {
  return new QueryError(`Error parsing expression -- expected ${what} but saw "${reader.next()}" instead.`);
}

function createReader(text: string): Reader {
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  return {
    atEnd: () => at >= text.length,
    skipSpaces: () => match(/\s+/y) !== null,
    take(symbol) {
      if (!text.startsWith(symbol, at)) return false;
      at += symbol.length;
      return true;
    },
    match,
    next: () => /^(?:[()]|[^\s()]+)/.exec(text.slice(at, at + 80).trimStart())?.[0] ?? "",
  };
}
