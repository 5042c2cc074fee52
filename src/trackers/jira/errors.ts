import { PanopticonError, type ErrorDetails } from "../../domain/error.ts";
import type { AnswerHeaders, BudgetReading, FailureContext } from "../http/http-client.ts";
import { fieldOf } from "../http/parse-body.ts";
import { blindWaitMs, readRetryAfterMs, readServerTime } from "../http/retry-after.ts";

const tracker = "jira";

type Answer = {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: unknown;
  readonly text: string;
};

/**
 * The budget. Cloud: `X-RateLimit-{Limit,Remaining,Reset}`, the reset as a time. Data Center: a token bucket that is filled by `FillRate` tokens every
 * `Interval-Seconds`. https://developer.atlassian.com/cloud/jira/platform/rate-limiting/,
 * https://confluence.atlassian.com/adminjiraserver/adjusting-your-code-for-rate-limiting-987143384.html
 */
export function readBudget({ status, headers }: { status: number; headers: AnswerHeaders }): BudgetReading | null {
  const limit = numberOf(headers.get("x-ratelimit-limit"));
  const remaining = numberOf(headers.get("x-ratelimit-remaining"));
  if (limit === null && remaining === null) return null;
  return { limit, remaining, resetAt: resetOf(status, headers) };
}

function resetOf(status: number, headers: AnswerHeaders): number | null {
  const now = readServerTime(headers);
  // Retry-After is exact, the reset only to the minute.
  const retryAfterMs = status === 429 ? readRetryAfterMs(headers) : null;
  if (retryAfterMs !== null && now !== null) return now + retryAfterMs;
  const intervalSeconds = numberOf(headers.get("x-ratelimit-interval-seconds"));
  if (intervalSeconds !== null) return now === null ? null : now + intervalSeconds * 1000;
  return timeOf(headers.get("x-ratelimit-reset"));
}

export function readFailure(answer: Answer, context: FailureContext): PanopticonError | null {
  const { status, headers } = answer;
  const details = { tracker, request: context.request };
  const words = wordsOf(answer);
  if (status === 429) {
    const reason = headers.get("ratelimit-reason");
    return new PanopticonError(
      "rate_limited",
      `Jira's rate limit is reached${reason ? ` (${reason})` : ""}: ${words}`,
      {
        ...details,
        retryAt: retryAtOf(headers, context),
        hint: "Nothing is lost. A running server continues by itself at that time.",
      },
    );
  }
  // With failed credentials, Jira continues as anonymous: with an empty list, or "does not exist".
  const login = headers.get("x-seraph-loginreason") ?? "";
  if (/AUTHENTICATION_DENIED/i.test(login)) return denied(headers, details);
  // The gateway's response to a token with other scopes.
  if (status === 401 && /scope does not match/i.test(words)) {
    return new PanopticonError("forbidden", `Jira does not allow this: ${words}`, {
      ...details,
      hint: "The token lacks a scope: reading needs read:jira-work and read:jira-user, writing needs write:jira-work.",
    });
  }
  if (status === 401 || /AUTHENTICATED_FAILED/i.test(login)) {
    return refused(`Jira rejected the credentials${status === 401 ? `: ${words}` : "."}`, details);
  }
  if (status < 400) return null;
  if (status === 403 && /connect session auth token/i.test(answer.text)) {
    return new PanopticonError("auth", "Jira Cloud does not accept this token alone.", {
      ...details,
      hint: "A Jira Cloud API token needs the account's email: set JIRA_EMAIL. A personal access token of a Data Center belongs to that server: set JIRA_URL to its address.",
    });
  }
  switch (status) {
    case 400:
      return badRequest(words, details);
    case 403:
      return forbidden(words, details);
    case 404:
      return new PanopticonError("not_found", `Jira could not find it: ${words}`, {
        ...details,
        hint: "Check the project's key and JIRA_URL. Jira gives the same response for anything the account may not see.",
      });
    case 409:
      return new PanopticonError("conflict", `The issue was changed in Jira at the same time: ${words}`, {
        ...details,
        hint: "Someone else changed it at the same time. Check the tracker's current value, then retry or drop the change.",
      });
    case 413:
    case 422:
      return new PanopticonError("invalid_input", `Jira rejected the request: ${words}`, details);
    case 410:
      return new PanopticonError("gone", `Jira says it is gone: ${words}`, details);
    default:
      return null;
  }
}

/** Jira also uses this status for missing permissions, and for fields that a screen does not have. */
function badRequest(words: string, details: ErrorDetails): PanopticonError {
  if (/\bpermission\b|cannot create issues/i.test(words)) return forbidden(words, details);
  if (/CONTENT_LIMIT_EXCEEDED|exceeds the allowed limit/i.test(words)) {
    return new PanopticonError("invalid_input", `The text is too long for Jira: ${words}`, {
      ...details,
      hint: "Jira accepts 32,767 characters unless its administrator set another limit. Shorten it, or attach a file in Jira.",
    });
  }
  const offScreen = /not on the appropriate screen/i.test(words);
  return new PanopticonError("invalid_input", `Jira rejected the request: ${words}`, {
    ...details,
    ...(offScreen
      ? {
          hint: "The project's screens do not include that field for this type of issue; a project administrator can add it.",
        }
      : {}),
  });
}

function forbidden(words: string, details: ErrorDetails): PanopticonError {
  return new PanopticonError("forbidden", `Jira does not allow this: ${words}`, {
    ...details,
    hint: "The account lacks a permission in the project, or the token lacks a scope: reading needs read:jira-work and read:jira-user, writing needs write:jira-work.",
  });
}

function refused(message: string, details: ErrorDetails): PanopticonError {
  return new PanopticonError("auth", message, {
    ...details,
    hint: "Jira Cloud: create an API token at https://id.atlassian.com/manage-profile/security/api-tokens and set JIRA_API_KEY, with the account's email in JIRA_EMAIL. Data Center: create a personal access token in your profile, set JIRA_API_KEY and leave JIRA_EMAIL out.",
  });
}

/** After too many failed attempts, Data Center requires a CAPTCHA in the browser. */
function denied(headers: AnswerHeaders, details: ErrorDetails): PanopticonError {
  const page = /login-url=(\S+)/i.exec(headers.get("x-authentication-denied-reason") ?? "")?.[1];
  return new PanopticonError("auth", "Jira has blocked API sign-in for this account after failed attempts.", {
    ...details,
    hint: `Sign in once in the browser${page === undefined ? "" : ` at ${page}`}, then check JIRA_API_KEY.`,
  });
}

function retryAtOf(headers: AnswerHeaders, context: FailureContext): number {
  const retryAfterMs = readRetryAfterMs(headers);
  if (retryAfterMs !== null && retryAfterMs > 0) return context.now + retryAfterMs;
  const reset = timeOf(headers.get("x-ratelimit-reset"));
  if (reset !== null) return Math.max(context.now + 1000, context.toLocal(reset));
  return context.now + blindWaitMs(context.attempt);
}

/** `errorMessages` and the fields' `errors`; the gateway uses `message`. */
function wordsOf({ body, status, text }: Answer): string {
  const messages = fieldOf(body, "errorMessages");
  const errors = fieldOf(body, "errors");
  const single = fieldOf(body, "message") ?? fieldOf(body, "error");
  const all = [
    ...(Array.isArray(messages) ? messages : []),
    ...(typeof errors === "object" && errors !== null && !Array.isArray(errors)
      ? Object.entries(errors).map(([field, message]) => `${field}: ${String(message)}`)
      : []),
    ...(typeof single === "string" ? [single] : []),
  ].map(String);
  const plain = text.trimStart().startsWith("<") || text.trimStart().startsWith("{") ? "" : text.trim();
  return (all.join(" ") || plain || `status ${status}`).slice(0, 400).replace(/[.\s]*$/, ".");
}

function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** `2026-11-22T10:00Z`, `…:00.000Z`, or epoch seconds. */
function timeOf(text: string | null): number | null {
  if (text === null || text.trim() === "") return null;
  const seconds = numberOf(text);
  if (seconds !== null) return seconds * 1000;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
