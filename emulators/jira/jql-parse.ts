/** A JQL query, parsed. https://support.atlassian.com/jira-software-cloud/docs/advanced-search-reference-jql-fields/ */
export type Jql = { readonly where: Clause | null; readonly order: readonly Order[] };

export type Clause =
  | { readonly kind: "and" | "or"; readonly clauses: readonly Clause[] }
  | { readonly kind: "not"; readonly clause: Clause }
  | { readonly kind: "term"; readonly field: string; readonly operator: Operator; readonly values: readonly Value[] };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~" | "in" | "not in" | "is" | "is not";

export type Value =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | { readonly kind: "function"; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: "empty" };

export type Order = { readonly field: string; readonly descending: boolean };

/** An error that Jira reports with status 400. */
export class JqlError extends Error {
  override readonly name = "JqlError";
}

type Token = {
  readonly kind: "word" | "quoted" | "sign" | "end";
  readonly text: string;
  readonly line: number;
  readonly column: number;
};

const reserved = new Set(
  "abort access add after alias all alter and any are as asc at audit avg before begin between boolean break by byte catch cf char character check checkpoint collate collation column commit connect continue count create current date decimal declare decrement default defaults define delete delimiter desc difference distinct divide do double drop else empty encoding end equals escape exclusive exec execute exists explain false fetch file field first float for from function go goto grant greater group having identified if immediate in increment index initial inner inout input insert int integer intersect intersection into is isempty isnull join last left less like limit lock long max min minus mode modify modulo more multiply next noaudit not notin nowait null number object of on option or order outer output power previous prior privileges public raise raw remove rename resource return returns revoke right row rowid rownum rows select session set share size sqrt start strict string subtract sum synonym table then to trans transaction trigger true uid union unique update user validate values view when whenever where while with".split(
    " ",
  ),
);

const validOperators =
  "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.";

/** Throws `JqlError` with Jira's wording. */
export function parseJql(text: string): Jql {
  const tokens = tokenize(text);
  let at = 0;
  const end = tokens.at(-1) as Token;
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? end;
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const isWord = (word: string, ahead = 0) => peek(ahead).kind === "word" && peek(ahead).text.toLowerCase() === word;
  const isSign = (sign: string, ahead = 0) => peek(ahead).kind === "sign" && peek(ahead).text === sign;

  function chain(kind: "and" | "or", inner: () => Clause, signs: readonly string[]): Clause {
    const clauses = [inner()];
    while (isWord(kind) || signs.some((sign) => isSign(sign))) {
      next();
      clauses.push(inner());
    }
    return clauses.length === 1 && clauses[0] ? clauses[0] : { kind, clauses };
  }
  const anyOf = (): Clause => chain("or", allOf, ["||", "|"]);
  const allOf = (): Clause => chain("and", single, ["&&", "&"]);

  function single(): Clause {
    if (isWord("not") || isSign("!")) {
      next();
      return { kind: "not", clause: single() };
    }
    if (isSign("(")) {
      next();
      const inner = anyOf();
      if (!isSign(")")) throw unexpected(peek(), "Expecting ')'");
      next();
      return inner;
    }
    const name = next();
    if (name.kind !== "word" && name.kind !== "quoted") throw unexpected(name, "Expecting a field name");
    checkReserved(name);
    const operator = readOperator();
    const isList = operator === "in" || operator === "not in";
    return { kind: "term", field: name.text, operator, values: isList ? readList() : [readValue()] };
  }

  function readOperator(): Operator {
    const token = next();
    const text = token.text.toLowerCase();
    if (token.kind === "sign" && ["=", "!=", "<", "<=", ">", ">=", "~", "!~"].includes(text)) return text as Operator;
    if (token.kind === "word" && text === "in") return "in";
    if (token.kind === "word" && text === "not" && isWord("in")) {
      next();
      return "not in";
    }
    if (token.kind === "word" && text === "is") {
      if (!isWord("not")) return "is";
      next();
      return "is not";
    }
    throw new JqlError(
      token.kind === "end"
        ? `Error in the JQL Query: Expecting operator before the end of the query. ${validOperators}`
        : `Error in the JQL Query: Expecting operator but got '${token.text}'. ${validOperators} ${place(token)}`,
    );
  }

  function readList(): Value[] {
    if (!isSign("(")) return [readValue()];
    next();
    const values = [readValue()];
    while (isSign(",")) {
      next();
      values.push(readValue());
    }
    if (!isSign(")")) throw unexpected(peek(), "Expecting ')'");
    next();
    return values;
  }

  function readValue(): Value {
    const token = next();
    if (token.kind === "quoted") return { kind: "text", text: token.text, quoted: true };
    if (token.kind !== "word") throw unexpected(token, "Expecting either a value, list or function");
    const folded = token.text.toLowerCase();
    if (folded === "empty" || folded === "null") return { kind: "empty" };
    checkReserved(token);
    if (!isSign("(")) return { kind: "text", text: token.text, quoted: false };
    next();
    const args: string[] = [];
    while (!isSign(")")) {
      const argument = next();
      if (argument.kind === "end") throw unexpected(argument, "Expecting ')'");
      if (argument.kind !== "sign") args.push(argument.text);
    }
    next();
    return { kind: "function", name: token.text, args };
  }

  function readOrder(): Order[] {
    const order: Order[] = [];
    do {
      const field = next();
      if (field.kind !== "word" && field.kind !== "quoted") throw unexpected(field, "Expecting a field name");
      const descending = isWord("desc");
      if (descending || isWord("asc")) next();
      order.push({ field: field.text, descending });
    } while (isSign(",") && next());
    return order;
  }

  const startsWithOrder = isWord("order") && isWord("by", 1);
  const where = peek().kind === "end" || startsWithOrder ? null : anyOf();
  let order: Order[] = [];
  if (isWord("order") && isWord("by", 1)) {
    at += 2;
    order = readOrder();
  }
  if (peek().kind !== "end") throw unexpected(peek(), "Expecting either 'OR' or 'AND'");
  return { where, order };
}

function checkReserved(token: Token): void {
  if (token.kind !== "word" || !reserved.has(token.text.toLowerCase())) return;
  throw new JqlError(
    `Error in the JQL Query: '${token.text}' is a reserved JQL word. You must surround it in quotation marks to use it in a query. ${place(token)}`,
  );
}

function unexpected(token: Token, expecting: string): JqlError {
  return new JqlError(
    token.kind === "end"
      ? `Error in the JQL Query: ${expecting} before the end of the query.`
      : `Error in the JQL Query: ${expecting} but got '${token.text}'. ${place(token)}`,
  );
}

function place({ line, column }: Token): string {
  return `(line ${line}, character ${column})`;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let at = 0;
  const push = (kind: Token["kind"], value: string, start: number) =>
    tokens.push({ kind, text: value, line, column: start - lineStart + 1 });
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^\s+/.exec(rest)?.[0];
    if (blank !== undefined) {
      for (const [offset, sign] of [...blank].entries()) {
        if (sign === "\n") {
          line += 1;
          lineStart = at + offset + 1;
        }
      }
      at += blank.length;
      continue;
    }
    const quoted = /^(["'])((?:\\.|(?!\1)[^\\])*)\1/s.exec(rest);
    if (quoted !== null) {
      push("quoted", (quoted[2] ?? "").replace(/\\(.)/gs, "$1"), at);
      at += quoted[0].length;
      continue;
    }
    if (/^["']/.test(rest)) {
      throw new JqlError(
        `Error in the JQL Query: The quoted string '${rest.slice(1, 40)}' has not been completed. (line ${line}, character ${at - lineStart + 1})`,
      );
    }
    const sign = /^(?:<=|>=|!=|!~|&&|\|\||[=<>~!(),&|])/.exec(rest)?.[0];
    if (sign !== undefined) {
      push("sign", sign, at);
      at += sign.length;
      continue;
    }
    const word = /^[^\s"'=<>~!(),&|@#$%^;?*+{}[\]/\\]+/.exec(rest)?.[0];
    if (word === undefined) {
      throw new JqlError(
        `Error in the JQL Query: The character '${rest[0] ?? ""}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u${(rest.charCodeAt(0) || 0).toString(16).padStart(4, "0")}' instead. (line ${line}, character ${at - lineStart + 1})`,
      );
    }
    push("word", word, at);
    at += word.length;
  }
  tokens.push({ kind: "end", text: "", line, column: text.length - lineStart + 1 });
  return tokens;
}
