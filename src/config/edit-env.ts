import { PanopticonError } from "../domain/error.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { assignmentLine, findAssignments, parseEnvText, unquotedAddress } from "./env-file.ts";
import { readText } from "./read-text.ts";

/** Variables with their new values; null removes one. */
export type VariableChanges = Readonly<Record<string, string | null>>;

/**
 * Writes variables into ~/.panopticon.env atomically, readable only by its owner. Comments, order and the other lines stay. Throws `invalid_input` for a value
 * that the file cannot represent, and for an unreadable file; no error contains a value.
 */
export function setVariables(path: string, changes: VariableChanges): void {
  const before = readText(path);
  const after = editEnvText(before, changes);
  if (after !== before) writeFileAtomically(path, after, 0o600, { enforce: true });
}

/** The text with the changes applied. The last value of a duplicate variable counts: its line is changed, the others are removed. */
export function editEnvText(text: string, changes: VariableChanges): string {
  let edited = text;
  for (const [key, value] of Object.entries(changes)) {
    edited = value === null ? withAssignment(edited, key, null) : withValue(edited, key, value);
  }
  return edited;
}

function withValue(text: string, key: string, value: string): string {
  // A single line, so that no value can contain another assignment.
  if (/^[\w.-]+$/.test(key) && !/\p{Cc}/u.test(value)) {
    for (const written of spellings(value)) {
      const edited = withAssignment(text, key, written);
      if (holds(edited, text, key, value)) return edited;
    }
  }
  throw new PanopticonError("invalid_input", `The value of ${key} cannot be saved in the file.`, {
    hint: "It must be one line of plain text. Copy it again, without any surrounding text.",
  });
}

/** Ways to write a value, plainest first. Parsing them shows which one dotenv reads as that value. */
function spellings(value: string): string[] {
  const plain = /^[\w./:@+=,~%-]+$/.test(value);
  return [...(plain ? [value] : []), `'${value}'`, `"${value}"`, `\`${value}\``, value];
}

/** Whether the edited text gives the key this value, and keeps every other one. */
function holds(edited: string, text: string, key: string, value: string): boolean {
  const before = parseEnvText("", text);
  const after = parseEnvText("", edited);
  if (after.values.get(key) !== value || after.problems.length > before.problems.length) return false;
  const others = (values: ReadonlyMap<string, string>) =>
    JSON.stringify([...values].filter(([name]) => name !== key).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return others(after.values) === others(before.values);
}

function withAssignment(text: string, key: string, written: string | null): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(/\r\n|\r|\n/);
  const own = findAssignments(lines).filter((assignment) => assignment.key === key);
  const kept = written === null ? undefined : own.at(-1);
  for (const assignment of own.toReversed()) {
    const { first, last } = assignment;
    const replaced = assignment === kept ? [rewritten(lines, first, last, written ?? "")] : [];
    lines.splice(first, last - first + 1, ...replaced);
  }
  if (written !== null && kept === undefined) {
    if (lines.at(-1) === "") lines.pop();
    lines.push(`${key}=${written}`, "");
  }
  return lines.join(newline);
}

/** The assignment's line with another value; what precedes it, and a comment after it, stay. */
function rewritten(lines: readonly string[], first: number, last: number, written: string): string {
  const [, before = ""] = assignmentLine.exec(lines[first] ?? "") ?? [];
  const value = [(lines[first] ?? "").slice(before.length), ...lines.slice(first + 1, last + 1)].join("\n");
  const read = quotedPart(value) ?? unquotedAddress(value) ?? "";
  const comment = /[ \t]*#[^\n]*$/.exec(value.slice(read.length))?.[0] ?? "";
  return before + written + (comment === "" || /^\s/.test(comment) ? comment : ` ${comment}`);
}

function quotedPart(value: string): string | undefined {
  return /^(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)/.exec(value)?.[0];
}
