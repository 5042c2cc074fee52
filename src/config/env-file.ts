import { readFileSync, statSync } from "node:fs";
import { parse } from "dotenv";
import type { ConfigProblem } from "./config.ts";
import { isNotAllowed, isNotThere, readFailure } from "../domain/file-error.ts";

/** The values of ~/.panopticon.env, and its problems. */
export type EnvFile = {
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigProblem[];
};

/** Reads the file; a missing file has no values. A problem never contains a line's content, which may be a secret. */
export function readEnvFile(path: string): EnvFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isNotThere(error)) return { path, values: new Map(), problems: [] };
    const message = `the file could not be read: ${readFailure(error)}`;
    const hint = isNotAllowed(error)
      ? `Its keys cannot be used until then. Run:  sudo chown "$USER" ${quoted(path)} && chmod 600 ${quoted(path)}`
      : null;
    return { path, values: new Map(), problems: [{ ...at(path), severity: "error", message, hint }] };
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

/** A warning with the command that fixes it, if others can read a file with secrets. */
export function findOpenMode(path: string): ConfigProblem[] {
  if (process.platform === "win32") return [];
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o077) === 0) return [];
  return [
    {
      ...at(path),
      severity: "warning",
      message: `the file contains secrets, and other users on this machine can ${mode & 0o022 ? "change" : "read"} it (mode ${(mode & 0o777).toString(8)})`,
      hint: `Run: chmod 600 ${quoted(path)}`,
    },
  ];
}

const quoted = (path: string) => (/^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** An assignment in a file's lines, from line `first` to line `last`, counted from 0. */
export type Assignment = { readonly key: string; readonly first: number; readonly last: number };

/** The parts of `export KEY=value`: what precedes the value, the key, and the rest of the line. */
export const assignmentLine = /^(\s*(?:export\s+)?([\w.-]+)(?:\s*=|:\s)\s*)(.*)$/;

/** Parses dotenv syntax. Other lines are reported by number. Never throws. */
export function parseEnvText(path: string, text: string): Omit<EnvFile, "path"> {
  const problems: ConfigProblem[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  const report = (line: number, message: string) =>
    problems.push({ ...at(path, line + 1), severity: "warning", message });
  for (const { first } of findAssignments(lines, report)) {
    const [, before = "", , value = ""] = assignmentLine.exec(lines[first] ?? "") ?? [];
    const address = unquotedAddress(value);
    if (address !== undefined) lines[first] = `${before}'${address}'`;
  }
  return { values: new Map(Object.entries(parse(lines.join("\n")))), problems };
}

/** The assignments in order; `report` is called for lines that are not assignments and for unclosed quotes. */
export function findAssignments(
  lines: readonly string[],
  report: (line: number, message: string) => void = () => {},
): Assignment[] {
  const found: Assignment[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] ?? "").trimEnd();
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const [, , key, value] = assignmentLine.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      report(index, "this line is not KEY=value and is ignored");
      continue;
    }
    const first = index;
    index = endOfValue(lines, index, value, () => report(first, "this quote is never closed"));
    found.push({ key, first, last: index });
  }
  return found;
}

/**
 * The URL with a fragment at the start of a value. dotenv treats `#` as the start of a comment anywhere, but in a URL copied from the browser
 * (`https://rally1.rallydev.com/#/workspace/1`) it belongs to the value.
 */
export function unquotedAddress(value: string): string | undefined {
  return /^https?:\/\/[^\s'"`]*#[^\s'"`]*/.exec(value)?.[0];
}

/** The last line of a value that starts on line `index`; a quoted value may span several lines. */
function endOfValue(lines: readonly string[], index: number, value: string, unclosed: () => void): number {
  const quote = value[0];
  if (quote === undefined || !`'"\``.includes(quote)) return index;
  const closes = (part: string) => part.replaceAll(`\\${quote}`, "").includes(quote);
  if (closes(value.slice(1))) return index;
  for (let line = index + 1; line < lines.length; line++) if (closes(lines[line] ?? "")) return line;
  unclosed();
  return index;
}
