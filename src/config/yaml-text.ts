import {
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type ErrorCode as YamlErrorCode,
  type YAMLParseError,
} from "yaml";
import type { ConfigProblem } from "./config.ts";

/** A YAML text with its problems; `problems` grows while it is read. */
export type YamlText = {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly problems: ConfigProblem[];
  /** Reports a problem at an offset of the text. */
  readonly report: (severity: ConfigProblem["severity"], offset: number, message: string, hint?: string) => void;
};

// The parser's messages may quote the text, which may contain a secret; these never do.
const sentences: Partial<Record<YamlErrorCode, string>> = {
  BAD_ALIAS: "this alias (*name) has no anchor (&name) before it",
  BAD_DQ_ESCAPE: "this backslash sequence is not valid inside double quotes",
  BAD_INDENT: "the indentation does not match the lines around it",
  BAD_SCALAR_START: "a value cannot start with this character; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: "a nested value needs a line of its own",
  BLOCK_IN_FLOW: "the indentation is wrong inside these brackets",
  DUPLICATE_KEY: "duplicate key",
  MISSING_CHAR: "a closing quote, bracket, colon or comma is missing",
  MULTIPLE_DOCS: "there is a second document (---); only one is read",
  MULTILINE_IMPLICIT_KEY: "a key must be on one line; is a colon missing?",
  NON_STRING_KEY: "a key must be text",
  TAB_AS_INDENT: "tabs cannot indent; use spaces",
  TAG_RESOLVE_FAILED: "this tag (!name) is not supported",
  UNEXPECTED_TOKEN: "unexpected text; is a quote, colon or line break missing before it?",
};

function sentenceOf({ code, message }: YAMLParseError): string {
  // An unclosed bracket ends where the indentation does.
  if (code === "BAD_INDENT" && message.startsWith("Flow ")) return "a [ or { before this is not closed";
  return sentences[code] ?? "this is not valid YAML";
}

/** Parses a text; syntax errors become problems of `file`. Never throws. */
export function parseYaml(file: string, text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    keepSourceTokens: false,
    stringKeys: false,
    logLevel: "silent",
  });
  const problems: ConfigProblem[] = [];
  const report: YamlText["report"] = (severity, offset, message, hint) => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
    problems.push({ severity, file, line: Math.max(1, line), column: Math.max(1, col), message, hint: hint ?? null });
  };
  // One mistake often causes several errors; the first one is at the mistake.
  const error = document.errors[0];
  if (error !== undefined) {
    // For wrong indentation, the error starts at the indentation; users look for the word after it.
    const indentation = /^ */.exec(text.slice(error.pos[0], error.pos[0] + 200))?.[0].length ?? 0;
    report("error", error.pos[0] + indentation, sentenceOf(error));
  }
  return { file, document, problems, report };
}

/** Whether the text could be parsed at all. */
export function isParsed(text: YamlText): boolean {
  return text.document.errors.length === 0;
}

/** The number of columns by which the file's own maps are indented; 2 if it has none. */
export function indentOf(text: string): number {
  const { contents } = parseDocument(text, { logLevel: "silent", prettyErrors: false });
  if (!isMap(contents)) return 2;
  for (const pair of contents.items) {
    const value = pair.value;
    const first = isMap(value) && !value.flow ? value.items[0]?.key : undefined;
    const start = isScalar(first) ? first.range?.[0] : undefined;
    if (start === undefined) continue;
    const column = start - (text.lastIndexOf("\n", start - 1) + 1);
    if (column > 0) return column;
  }
  return 2;
}
