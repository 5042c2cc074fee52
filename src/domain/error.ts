import type { MoveChoice } from "./operation.ts";

/** The failures everything else is sorted into; stable, part of the API. */
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
  /** When trying again makes sense, in milliseconds since the epoch. */
  retryAt?: number | undefined;
  /** The request that failed, with secrets masked: `GET https://…`, or a query. */
  request?: string | undefined;
  /** Named alternatives: the refs an ambiguous ref fits, the nearest words to an unknown one. */
  candidates?: readonly string[] | undefined;
  /** With `choice_needed`: the ways there are. */
  choices?: readonly MoveChoice[] | undefined;
  /** What is refused of a change: a name of the patch or the draft, or the id of one of the tracker's own fields. */
  field?: string | undefined;
  /** The request certainly never reached the tracker: it may be sent again whatever it does. */
  notSent?: boolean | undefined;
  cause?: unknown;
};

/** Beyond this a message is no sentence any more: a tracker's words, or a name in it, may be of any length. */
const maxMessageCharacters = 2000;

function shorten(message: string): string {
  return message.length <= maxMessageCharacters ? message : `${message.slice(0, maxMessageCharacters)}…`;
}

/** The one error that is thrown on purpose. The message is a plain sentence for the user, without secrets. */
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

/** Wraps anything thrown; a PanopticonError is given back as it is. */
export function toPanopticonError(error: unknown): PanopticonError {
  if (isPanopticonError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new PanopticonError("internal", `Something went wrong inside Panopticon: ${message}`, {
    hint: "Run the command again with DEBUG=* and report it with the output.",
    cause: error,
  });
}
