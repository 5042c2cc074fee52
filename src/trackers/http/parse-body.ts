import type { z } from "zod";
import { PanopticonError } from "../../domain/error.ts";
import type { RejectedRecord } from "../tracker.ts";
import { compiledWhenUsed } from "./compiled-schema.ts";

/** This many of one kind occur in a full read of a source, not in a poll. */
const manyAnswers = 10;
const manyRecords = 200;

/** Parses a response that must be valid as a whole. Throws `invalid_response` naming the first wrong field. */
export function parseBody<T>(
  schema: z.ZodType<T>,
  body: unknown,
  context: { readonly tracker: string; readonly what: string },
): T {
  const result = compiledWhenUsed(schema, manyAnswers).safeParse(body);
  if (result.success) return result.data;
  throw new PanopticonError(
    "invalid_response",
    `The tracker's response to "${context.what}" does not match its documentation: ${explain(result.error)}.`,
    {
      tracker: context.tracker,
      hint: "Check the server's address. If it is correct, report this with the output of DEBUG=* .",
    },
  );
}

export type ParsedRecord<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly rejected: RejectedRecord };

/** Parses one record of a list, so that a malformed one can be set aside while the rest continues. */
export function parseRecord<T>(
  schema: z.ZodType<T>,
  raw: unknown,
  nativeIdOf: (raw: unknown) => string | null,
): ParsedRecord<T> {
  const result = compiledWhenUsed(schema, manyRecords).safeParse(raw);
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    rejected: {
      nativeId: nativeIdOf(raw),
      raw: (JSON.stringify(raw) ?? "undefined").slice(0, longestRaw),
      reason: explain(result.error),
    },
  };
}

/**
 * Throws `invalid_response` if an unparsable record contains an operation's mark: it is the record being looked for, and treating it as absent would send the
 * operation a second time. Other records do not matter.
 */
export function refuseUnreadable(raw: unknown, mark: { readonly id: string }, tracker: string): void {
  if (!(JSON.stringify(raw) ?? "").toLowerCase().includes(mark.id.toLowerCase())) return;
  throw new PanopticonError(
    "invalid_response",
    "The change has arrived in the tracker, but in a form that cannot be read.",
    {
      tracker,
      hint: "It is not sent again. Panopticon checks it until it can be read.",
    },
  );
}

/** A property of any value; undefined if there is none. */
export function fieldOf(raw: unknown, name: string): unknown {
  return typeof raw === "object" && raw !== null ? Reflect.get(raw, name) : undefined;
}

const longestRaw = 200_000;

function explain(error: z.ZodError): string {
  const first = error.issues[0];
  if (first === undefined) return "unreadable";
  const path = first.path.map(String).join(".");
  return `${path === "" ? "the whole" : path}: ${first.message}`;
}
