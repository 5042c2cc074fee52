import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { openStates } from "../domain/operation.ts";
import { toPanopticonError } from "../domain/error.ts";
import type { MoveChoice } from "../domain/operation.ts";
import { plainText } from "../domain/plain-text.ts";
import type { Delivery } from "./issue-desk.ts";

/** The maximum length of an answer, in characters. */
const maxCharacters = 60_000;
const maxCandidates = 20;

/** Wraps a text as a tool's answer, without terminal control sequences and within the limit. */
export function answer(text: string): CallToolResult {
  return { content: [{ type: "text", text: bounded(text) }] };
}

/** Runs a tool and turns errors into plain text with a hint. */
export async function answerOf(work: () => Promise<string>): Promise<CallToolResult> {
  try {
    return answer(await work());
  } catch (thrown) {
    return { ...answer(describeError(thrown)), isError: true };
  }
}

function describeError(thrown: unknown): string {
  const error = toPanopticonError(thrown);
  // Errors inside Panopticon go to the user's log.
  if (error.code === "internal" && error.cause !== undefined) process.emitWarning(error);
  return [
    error.message,
    ...(error.hint === undefined ? [] : [error.hint]),
    ...error.candidates.slice(0, maxCandidates).map((candidate) => `- ${candidate}`),
    ...error.choices.slice(0, maxCandidates).map(describeChoice),
  ].join("\n");
}

function describeChoice({ name, stateName, fields }: MoveChoice): string {
  const asked = fields.map(({ id, name: label, required, options }) => {
    const values = options.slice(0, maxCandidates).map((option) => option.name);
    return `${id} (${label}${values.length === 0 ? "" : `: ${values.join(", ")}`}${required ? "" : "; optional"})`;
  });
  return `- transition “${name}” leads to ${stateName}${asked.length === 0 ? "" : `; fields: ${asked.join("; ")}`}`;
}

/** Describes the delivery of a change: written, pending, or rejected by the tracker. */
export function describeDelivery(delivery: readonly Delivery[]): string {
  const bad = delivery.find(({ state }) => state === "refused" || state === "conflict");
  if (bad?.state === "conflict") return "It conflicts with a change made in the tracker; the user has to choose.";
  if (bad !== undefined) return `The tracker refused it: ${bad.reason ?? "it gave no reason"} ${bad.hint ?? ""}`.trim();
  const open = delivery.find(({ state }) => openStates.includes(state));
  if (open === undefined) return "Written to the tracker.";
  return `Saved; not in the tracker yet${open.reason === null ? "" : `: ${open.reason}`}.`;
}

function bounded(text: string): string {
  const plain = plainText(text);
  return plain.length <= maxCharacters
    ? plain
    : `${plain.slice(0, maxCharacters)}\n\n(Truncated: the result is too long.)`;
}
