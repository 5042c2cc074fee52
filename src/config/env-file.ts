import { readFileSync, statSync } from "node:fs";
import { parse } from "dotenv";
import type { ConfigProblem } from "./config.ts";
import { isNotThere, readFailure } from "./file-error.ts";

/** The values of ~/.panopticon.env, and what is wrong with it. */
export type EnvFile = {
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigProblem[];
};

/** Reads the file; one that is not there has no values. A problem never holds a line's content, which may be a secret. */
export function readEnvFile(path: string): EnvFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isNotThere(error)) return { path, values: new Map(), problems: [] };
    const message = `the file could not be read: ${readFailure(error)}`;
    return { path, values: new Map(), problems: [{ ...at(path), severity: "error", message }] };
  }
  const { values, problems } = parseEnvText(path, text);
  return { path, values, problems: [...findOpenMode(path), ...problems] };
}

const at = (file: string, line: number | null = null) => ({
  file,
  line,
  column: line === null ? null : 1,
  hint: null,
});

/** A warning with the command that mends it, when others may read a file that holds secrets. */
export function findOpenMode(path: string): ConfigProblem[] {
  if (process.platform === "win32") return [];
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o077) === 0) return [];
  return [
    {
      ...at(path),
      severity: "warning",
      message: `the file holds secrets, and others on this machine can ${mode & 0o022 ? "change" : "read"} it (mode ${(mode & 0o777).toString(8)})`,
      hint: `Run: chmod 600 ${quoted(path)}`,
    },
  ];
}

const quoted = (path: string) => (/^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** Reads a text in dotenv's syntax. Lines that are none of it are reported by number. Never throws. */
export function parseEnvText(path: string, text: string): Omit<EnvFile, "path"> {
  const problems: ConfigProblem[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] ?? "").trim();
    if (line === "" || line.startsWith("#")) continue;
    const value = /^(?:export\s+)?[\w.-]+(?:\s*=|:\s)\s*(.*)$/.exec(line)?.[1];
    if (value === undefined) {
      problems.push({
        ...at(path, index + 1),
        severity: "warning",
        message: "this line is not KEY=value, and is ignored",
      });
      continue;
    }
    lines[index] = quoteAddress(line, value);
    index = endOfValue(lines, index, value, () =>
      problems.push({ ...at(path, index + 1), severity: "warning", message: "this quote is never closed" }),
    );
  }
  return { values: new Map(Object.entries(parse(lines.join("\n")))), problems };
}

/**
 * To dotenv a `#` begins a comment wherever it stands. In an address copied from the browser
 * (`https://rally1.rallydev.com/#/workspace/1`) it belongs to the value, so that is put in quotes.
 */
function quoteAddress(line: string, value: string): string {
  const address = /^https?:\/\/[^\s'"`]*#[^\s'"`]*/.exec(value)?.[0];
  return address === undefined ? line : `${line.slice(0, line.length - value.length)}'${address}'`;
}

/** The last line of a value that begins on line `index`: a quoted one may go on. */
function endOfValue(lines: readonly string[], index: number, value: string, unclosed: () => void): number {
  const quote = value[0];
  if (quote === undefined || !`'"\``.includes(quote)) return index;
  const closes = (part: string) => part.replaceAll(`\\${quote}`, "").includes(quote);
  if (closes(value.slice(1))) return index;
  for (let line = index + 1; line < lines.length; line++) if (closes(lines[line] ?? "")) return line;
  unclosed();
  return index;
}
