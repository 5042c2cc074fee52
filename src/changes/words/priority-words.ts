import { PanopticonError } from "../../domain/error.ts";
import { priorityOf } from "../../domain/mapping.ts";
import { type PriorityMove, priorityMoveTo } from "../../domain/outward.ts";
import { parsePriority, priorities, type Priority, priorityLabels } from "../../domain/priority.ts";
import { nameOf, type SourceContext } from "../source-context.ts";
import { findByName, unknownWord } from "./unknown-word.ts";

type Rated = { readonly nativePriority: string | null; readonly labels: readonly string[] };

/**
 * Reads a priority (0 to 4, a word such as `urgent`, or the native name `Major`) as the change it requires; null if the issue already has it. Throws
 * `invalid_input` for an unknown word, `unsupported` if the source's mapping lacks the priority.
 */
export async function readPriority(
  written: unknown,
  issue: Rated,
  source: SourceContext,
): Promise<PriorityMove | null> {
  const mapping = source.mapping();
  const priority = typeof written === "string" || typeof written === "number" ? parsePriority(String(written)) : null;
  if (priority === null) throw new PanopticonError("invalid_input", "The priority is neither a number nor a word.");
  if (priority === undefined) return readNative(String(written), issue, source);
  if (priorityOf(mapping, issue) === priority) return null;
  const move = priorityMoveTo(mapping, issue, priority);
  if (move !== null) return move;
  const possible = priorities.filter((one) => priorityMoveTo(mapping, issue, one) !== null);
  throw noPriority(priority, possible, source);
}

async function readNative(written: string, issue: Rated, source: SourceContext): Promise<PriorityMove | null> {
  const known = (await source.vocabulary()).priorities;
  const native = findByName("priority", written, known);
  if (native === undefined) {
    throw unknownWord(
      "priority",
      written,
      [...priorities.map((one) => priorityLabels[one].toLowerCase()), ...known.map(({ name }) => name)],
      nameOf(source),
    );
  }
  return native.id === issue.nativePriority ? null : { kind: "native", nativePriority: native.id };
}

function noPriority(priority: Priority, possible: readonly Priority[], source: SourceContext): PanopticonError {
  const word = priorityLabels[priority].toLowerCase();
  if (possible.length === 0) {
    return new PanopticonError("unsupported", `The priority cannot be set: nothing in ${nameOf(source)} maps to one.`, {
      hint: "To set priorities, create labels such as P1 or priority: high.",
    });
  }
  return new PanopticonError("unsupported", `Nothing in ${nameOf(source)} maps to the priority ${word}.`, {
    hint: `Available: ${possible.map((one) => priorityLabels[one].toLowerCase()).join(", ")}.`,
  });
}
