import { type ErrorCode, isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { AnswerHeaders, BudgetReading, FailureContext } from "../http/http-client.ts";
import { fieldOf } from "../http/parse-body.ts";
import { blindWaitMs, readRetryAfterMs } from "../http/retry-after.ts";

const tracker = "linear";

/** The budget from the headers, reset in epoch milliseconds; the scarcer of requests and complexity. https://linear.app/developers/rate-limiting */
export function readBudget({ headers }: { headers: AnswerHeaders }): BudgetReading | null {
  const readings = [readOne(headers, "requests"), readOne(headers, "complexity")].filter((one) => one !== null);
  return readings.sort((a, b) => shareOf(a) - shareOf(b))[0] ?? null;
}

function readOne(headers: AnswerHeaders, kind: "requests" | "complexity"): BudgetReading | null {
  const limit = numberOf(headers.get(`x-ratelimit-${kind}-limit`));
  const remaining = numberOf(headers.get(`x-ratelimit-${kind}-remaining`));
  const resetAt = numberOf(headers.get(`x-ratelimit-${kind}-reset`));
  return limit === null && remaining === null ? null : { limit, remaining, resetAt };
}

function shareOf({ limit, remaining }: BudgetReading): number {
  return limit && remaining !== null ? remaining / limit : 1;
}

type GraphqlError = {
  /** `code` and `type`, folded: the type is stable, the code sometimes more specific. */
  readonly kinds: readonly string[];
  /** The message for users. */
  readonly message: string;
  /** Linear's internal message, which distinguishes "not found" and "already exists" from other refused input. */
  readonly inner: string;
  /** Whether Linear declares it the caller's mistake. */
  readonly isUserError: boolean;
};

/** Linear reports failures in `errors[].extensions` at any status, including 200 and 400. https://linear.app/developers/graphql */
export function readFailure(
  response: { status: number; headers: AnswerHeaders; body: unknown; text: string },
  context: FailureContext,
): PanopticonError | null {
  const { status, headers } = response;
  const errors = errorsOf(response.body);
  const details = { tracker, request: context.request };
  const is = (kind: string) => errors.find((error) => error.kinds.includes(kind));

  const limited = is("ratelimited") ?? is("ratelimit");
  if (limited !== undefined || status === 429) {
    const words = limited?.message ?? "too many requests.";
    return new PanopticonError("rate_limited", `Linear's rate limit is reached: ${words}`, {
      ...details,
      retryAt: retryAtOf(headers, context),
      hint: "Nothing is lost. A running server continues by itself at that time.",
    });
  }
  const first = errors[0];
  if (first === undefined) {
    if (status !== 401) return null;
    return refused("Linear rejected the API key.", context);
  }
  const authentication = is("authenticationerror") ?? is("unauthenticated") ?? (status === 401 ? first : undefined);
  if (authentication !== undefined) return refused(`Linear rejected the API key: ${authentication.message}`, context);

  const { code, hint } = classify(first, status);
  return new PanopticonError(code, `Linear answers: ${first.message}`, { ...details, hint });
}

function refused(message: string, context: FailureContext): PanopticonError {
  return new PanopticonError("auth", message, {
    tracker,
    request: context.request,
    hint: "It is wrong, expired or revoked. Create a new one under Settings → Security & access in Linear and set LINEAR_API_KEY.",
  });
}

function classify(error: GraphqlError, status: number): { readonly code: ErrorCode; readonly hint?: string } {
  for (const kind of error.kinds) {
    switch (kind) {
      case "forbidden":
      case "featurenotaccessible":
        return { code: "forbidden", hint: "The API key may lack a permission, or access to this team." };
      case "usagelimitexceeded":
        return {
          code: "forbidden",
          hint: "The workspace's plan limit is reached. Archive issues in Linear, or upgrade the plan.",
        };
      case "invalidinput":
      case "inputerror":
      case "usererror":
      case "graphqlerror":
      case "graphqlvalidationfailed":
      case "graphqlparsefailed":
      case "badrequest":
        return classifyInput(error);
      case "internalerror":
      case "internalservererror":
      case "locktimeout":
      case "networkerror":
        return { code: "unreachable", hint: "Linear has a problem; Panopticon retries." };
    }
  }
  if (error.isUserError || /not found/i.test(error.inner)) return classifyInput(error);
  return { code: status >= 500 ? "unreachable" : "invalid_response" };
}

/** Linear uses one kind for all refused input; only its message distinguishes the cases. */
function classifyInput({ inner }: GraphqlError): { readonly code: ErrorCode; readonly hint?: string } {
  if (/not found/i.test(inner))
    return { code: "not_found", hint: "It does not exist, or the API key has no access to it." };
  if (/^conflict on insert of \w+$/i.test(inner)) return { code: "conflict" };
  if (/exclusive child labels/i.test(inner))
    return { code: "invalid_input", hint: "An issue can have only one label of a group: remove the other one." };
  return { code: "invalid_input" };
}

/** Whether Linear refuses a create because this id already exists, which means that an earlier request created it. */
export function isInsertConflict(error: unknown, id: string): boolean {
  return isPanopticonError(error) && error.code === "conflict" && error.message.includes(id);
}

function errorsOf(body: unknown): GraphqlError[] {
  const errors = fieldOf(body, "errors");
  if (!Array.isArray(errors)) return [];
  return errors.map((error: unknown) => {
    const extensions = fieldOf(error, "extensions");
    const inner = fieldOf(error, "message");
    const words = fieldOf(extensions, "userPresentableMessage") ?? inner;
    return {
      kinds: [fieldOf(extensions, "code"), fieldOf(extensions, "type")].flatMap((name) =>
        typeof name === "string" ? name.toLowerCase().replace(/[^a-z]/g, "") : [],
      ),
      inner: typeof inner === "string" ? inner : "",
      isUserError: fieldOf(extensions, "userError") === true,
      message: (typeof words === "string" ? words : "an error without a text").slice(0, 300).replace(/[.\s]*$/, "."),
    };
  });
}

/** Whether Linear refused a query for its complexity, whatever the current limit is. */
export function isTooComplex(error: PanopticonError): boolean {
  return /complex/i.test(error.message) && (error.code === "invalid_input" || error.code === "invalid_response");
}

function retryAtOf(headers: AnswerHeaders, context: FailureContext): number {
  const retryAfterMs = readRetryAfterMs(headers);
  if (retryAfterMs !== null) return context.now + retryAfterMs;
  // If both are exhausted, the later renewal counts.
  const renewals = (["requests", "complexity"] as const).flatMap((kind) => {
    const reading = readOne(headers, kind);
    return reading?.remaining === 0 && reading.resetAt !== null ? [context.toLocal(reading.resetAt)] : [];
  });
  if (renewals.length > 0) return Math.max(context.now + 1000, ...renewals);
  return context.now + blindWaitMs(context.attempt);
}

function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
