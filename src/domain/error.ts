import type { MoveChoice } from "./operation.ts";

/** The codes that classify every failure. Stable: they are part of the API. */
export const errorCodes = [
  "auth",
  "forbidden",
  "not_found",
  "gone",
  "rate_limited",
  "conflict",
  "choice_needed",
  "invalid_input",
  "invalid_response",
  "unreachable",
  "timeout",
  "unsupported",
  "busy",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export type ErrorDetails = {
  /** What the user can do about it, in one sentence. */
  hint?: string | undefined;
  /** The tracker it came from. */
  tracker?: string | undefined;
  /** The earliest time when a retry makes sense, in milliseconds since the epoch. */
  retryAt?: number | undefined;
  /** The request that failed, with secrets masked: `GET https://…`, or a query. */
  request?: string | undefined;
  /** Alternatives: the refs that an ambiguous ref matches, or the nearest known words. */
  candidates?: readonly string[] | undefined;
  /** With `choice_needed`: the possible transitions. */
  choices?: readonly MoveChoice[] | undefined;
  /** The refused part of a change: a key of the patch or draft, or the id of one of the tracker's own fields. */
  field?: string | undefined;
  /** The request certainly never reached the tracker, so it is safe to send it again. */
  notSent?: boolean | undefined;
  cause?: unknown;
};

/** Messages may contain a tracker's own text or names of any length; longer ones are cut. */
const maxMessageCharacters = 2000;

function shorten(message: string): string {
  return message.length <= maxMessageCharacters ? message : `${message.slice(0, maxMessageCharacters)}…`;
}

/** The only error class thrown deliberately. The message is a plain sentence for the user, without secrets. */
export class PanopticonError extends Error {
  override readonly name = "PanopticonError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly tracker: string | undefined;
  readonly retryAt: number | undefined;
  readonly request: string | undefined;
  readonly candidates: readonly string[];
  readonly choices: readonly MoveChoice[];
  readonly field: string | undefined;
  readonly notSent: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(shorten(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.tracker = details.tracker;
    this.retryAt = details.retryAt;
    this.request = details.request;
    this.candidates = details.candidates ?? [];
    this.choices = details.choices ?? [];
    this.field = details.field;
    this.notSent = details.notSent ?? false;
  }
}

export function isPanopticonError(error: unknown): error is PanopticonError {
  return error instanceof PanopticonError;
}

/** Wraps anything thrown as `internal`; a PanopticonError is returned unchanged. */
export function toPanopticonError(error: unknown): PanopticonError {
  if (isPanopticonError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new PanopticonError("internal", `Something went wrong inside Panopticon: ${message}`, {
    hint: "Run the command again with DEBUG=* and report it with the output.",
    cause: error,
  });
}
