import { HTTPException } from "hono/http-exception";
import { type ErrorCode, isPanopticonError, PanopticonError } from "../domain/error.ts";
import { toMoveChoiceShape } from "./shapes/change-shape.ts";
import type { ProblemShape } from "./contract/problem.ts";

/** The only table from error codes to HTTP. `ofTracker` applies if the tracker refused: our own 401 means "sign in here". */
const statuses: Record<ErrorCode, { readonly status: number; readonly ofTracker?: number; readonly title: string }> = {
  auth: { status: 401, ofTracker: 502, title: "Not signed in" },
  forbidden: { status: 403, ofTracker: 502, title: "Not allowed" },
  not_found: { status: 404, title: "Not found" },
  gone: { status: 410, title: "Gone" },
  rate_limited: { status: 429, title: "Too many requests" },
  conflict: { status: 409, title: "Conflict" },
  choice_needed: { status: 409, title: "A choice is needed" },
  invalid_input: { status: 400, title: "Invalid input" },
  invalid_response: { status: 502, title: "Unexpected response from the tracker" },
  unreachable: { status: 502, title: "Not reachable" },
  timeout: { status: 504, title: "Timed out" },
  unsupported: { status: 422, title: "Not supported" },
  busy: { status: 503, title: "Busy" },
  internal: { status: 500, title: "Something went wrong inside Panopticon" },
};

/** Converts any error to problem details. The message of an unexpected error goes only to the log, because it may contain a secret or a path. */
export function toProblem(error: unknown): ProblemShape {
  const known = toKnownError(error);
  const row = statuses[known.code];
  const status =
    error instanceof HTTPException
      ? error.status
      : known.tracker !== undefined && row.ofTracker !== undefined
        ? row.ofTracker
        : row.status;
  return {
    type: `urn:panopticon:problem:${known.code}`,
    title: known.tracker !== undefined && row.ofTracker !== undefined ? "Refused by the tracker" : row.title,
    status,
    detail: known.message,
    code: known.code,
    ...(known.hint !== undefined && { hint: known.hint }),
    ...(known.candidates.length > 0 && { candidates: [...known.candidates] }),
    ...(known.choices.length > 0 && { choices: known.choices.map(toMoveChoiceShape) }),
    ...(known.field !== undefined && { field: known.field }),
    ...(known.retryAt !== undefined && { retryAt: new Date(known.retryAt).toISOString() }),
    ...(known.tracker !== undefined && { tracker: known.tracker }),
  };
}

/** An error as the API's response: problem details (RFC 9457), with the required headers. */
export function problemResponse(error: unknown, headers: Record<string, string> = {}): Response {
  const problem = toProblem(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(problem.status === 401 && { "www-authenticate": 'Bearer realm="Panopticon"' }),
      ...(problem.retryAt !== undefined && { "retry-after": new Date(problem.retryAt).toUTCString() }),
      ...headers,
    },
  });
}

function toKnownError(error: unknown): PanopticonError {
  if (isPanopticonError(error)) return error;
  if (error instanceof HTTPException) return fromHttpException(error);
  return new PanopticonError("internal", "Something went wrong inside Panopticon.", {
    hint: "See the server's log. Run `DEBUG=* pan up` for more details.",
    cause: error,
  });
}

/** Errors before a route is reached: bodies that are not JSON, or not declared as JSON, and methods that an address does not support. */
function fromHttpException(error: HTTPException): PanopticonError {
  if (error.status === 415) {
    return new PanopticonError("invalid_input", "The body must be JSON.", {
      hint: "Send it with the header Content-Type: application/json.",
    });
  }
  if (error.status === 405) {
    return new PanopticonError("unsupported", error.message, { hint: "See GET /api/openapi.json for all calls." });
  }
  if (error.status === 413) return new PanopticonError("invalid_input", "The body is too large.");
  if (error.status === 408) {
    return new PanopticonError("timeout", "The request timed out before the body was complete.", {
      hint: "Send the whole body without delay.",
    });
  }
  if (error.status < 500) return new PanopticonError("invalid_input", "The body is not valid JSON.");
  return new PanopticonError("internal", "Something went wrong inside Panopticon.", { cause: error });
}
