import type { MoveChoiceShape } from "../../../src/server/contract/move-choice.ts";
import type { ProblemShape } from "../../../src/server/contract/problem.ts";
import { formatClock } from "../ui/time.ts";
import { takeFirstRead } from "./first-reads.ts";
import { paintUnderWay } from "./after-paint.ts";

type ApiErrorMore = {
  readonly hint?: string | undefined;
  readonly candidates?: readonly string[] | undefined;
  readonly choices?: readonly MoveChoiceShape[] | undefined;
  readonly field?: string | undefined;
  readonly request?: string | undefined;
};

/** Why a call failed, in words for the user: `message` says what is wrong, `hint` what to do about it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The server's stable code, or `server_unreachable` when there was no answer. */
  readonly code: string;
  readonly status: number;
  readonly hint: string | undefined;
  /** Suggestions for what was meant: refs, URLs or words. */
  readonly candidates: readonly string[];
  /** With `choice_needed`: the possible ways to make the move. */
  readonly choices: readonly MoveChoiceShape[];
  /** The input field that was rejected. */
  readonly field: string | undefined;
  /** The tracker request that failed, with secrets masked. */
  readonly request: string | undefined;

  constructor(code: string, status: number, message: string, more: ApiErrorMore = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.hint = more.hint;
    this.candidates = more.candidates ?? [];
    this.choices = more.choices ?? [];
    this.field = more.field;
    this.request = more.request;
  }
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

/** Converts anything thrown into an ApiError. */
export function toApiError(error: unknown): ApiError {
  if (isApiError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError("internal", 0, `Something went wrong in the dashboard: ${message}`, { hint: "Reload the page." });
}

export type CallOptions = {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: URLSearchParams | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Lets a POST be retried after a lost response without taking effect twice. */
  readonly idempotencyKey?: string;
  /** Called if the answer is that of an earlier request with the same key. */
  readonly onReplay?: () => void;
  /** The undo step that the change belongs to; undo reverts a step as a whole. */
  readonly change?: string;
  /** Completes the request even if the page is left. */
  readonly keepalive?: boolean;
};

/**
 * Calls the server; `path` starts with `/api/`. Throws ApiError, or the signal's reason if it was aborted.
 * The response is trusted to match the contract, because server and dashboard ship together. The request waits until the user's latest change is painted.
 */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const query = options.query?.toString() ?? "";
  const address = query === "" ? path : `${path}?${query}`;
  if (options.method === undefined) {
    const first = await takeFirstRead(address)?.answer;
    if (first !== undefined) return first as T;
  }
  let response: Response;
  const paint = paintUnderWay();
  // Do not await null: the page may be unloading, and the request must leave synchronously.
  if (paint !== null) await paint;
  try {
    response = await fetch(address, {
      method: options.method ?? "GET",
      headers: {
        ...(options.body !== undefined && { "content-type": "application/json" }),
        ...(options.idempotencyKey !== undefined && { "idempotency-key": options.idempotencyKey }),
        ...(options.change !== undefined && { "x-panopticon-change": options.change }),
      },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
      credentials: "same-origin",
      keepalive: options.keepalive ?? false,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("server_unreachable", 0, "The Panopticon server isn’t responding.", {
      hint: "Start it with `pan up`. This page reconnects automatically.",
    });
  }
  if (response.status === 204) return undefined as T;
  if (response.headers.has("idempotency-replayed")) options.onReplay?.();
  const text = await response.text();
  const content = parseJson(text);
  if (response.ok && content !== undefined) return content as T;
  throw problemOf(response, content);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Converts a server problem, from a response or from one part of a batch result. */
export function toProblemError(problem: ProblemShape): ApiError {
  const { candidates = [], choices, field, hint, retryAt } = problem;
  const guess = candidates.length > 0 ? `Did you mean ${candidates.join(" or ")}?` : undefined;
  const again = retryAt === undefined ? undefined : `Try again at ${formatClock(retryAt)}.`;
  return new ApiError(problem.code, problem.status, problem.detail || problem.title, {
    hint: [again, hint ?? guess].filter(Boolean).join(" ") || undefined,
    candidates,
    choices,
    field,
  });
}

function problemOf(response: Response, content: unknown): ApiError {
  if (typeof content === "object" && content !== null && "code" in content && "detail" in content) {
    return toProblemError(content as ProblemShape);
  }
  if (typeof content === "object" && content !== null && "error" in content && typeof content.error === "string") {
    const text = (key: string) => {
      const value = (content as Readonly<Record<string, unknown>>)[key];
      return typeof value === "string" ? value : undefined;
    };
    return new ApiError(text("errorType") ?? "internal", response.status, content.error, {
      hint: text("hint"),
      field: text("field"),
      request: text("request"),
    });
  }
  if ([502, 503, 504].includes(response.status)) {
    return new ApiError("server_unreachable", response.status, "The Panopticon server isn’t responding.");
  }
  return new ApiError(
    "internal",
    response.status,
    `Unexpected answer, not from Panopticon (HTTP ${response.status}).`,
    { hint: "Another program may be using this port. Check with `pan status`." },
  );
}
