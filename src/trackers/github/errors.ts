import { PanopticonError } from "../../domain/error.ts";
import type { AnswerHeaders, BudgetReading, FailureContext } from "../http/http-client.ts";
import { fieldOf } from "../http/parse-body.ts";
import { blindWaitMs, readRetryAfterMs } from "../http/retry-after.ts";

const tracker = "github";

type Answer = {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: unknown;
  readonly text: string;
};

/** The budget from the headers, reset in epoch seconds: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function readBudget({ headers }: { headers: AnswerHeaders }): BudgetReading | null {
  // Search and other resources have separate budgets.
  const resource = headers.get("x-ratelimit-resource");
  if (resource !== null && resource !== "core") return null;
  const limit = numberOf(headers.get("x-ratelimit-limit"));
  const remaining = numberOf(headers.get("x-ratelimit-remaining"));
  const reset = numberOf(headers.get("x-ratelimit-reset"));
  if (limit === null && remaining === null) return null;
  return { limit, remaining, resetAt: reset === null ? null : reset * 1000 };
}

export function readFailure(answer: Answer, context: FailureContext): PanopticonError | null {
  const { status, headers } = answer;
  if (status < 400) return null;
  const words = wordsOf(answer);
  const details = { tracker, request: context.request };

  if (status === 403 || status === 429) {
    const limit = readLimit(answer, words, context);
    if (limit !== null) {
      return new PanopticonError("rate_limited", `GitHub's rate limit is reached: ${words}`, {
        ...details,
        retryAt: limit,
        hint: "Nothing is lost. A running server continues by itself at that time.",
      });
    }
  }
  switch (status) {
    case 401:
      return new PanopticonError("auth", `GitHub rejected the token: ${words}`, {
        ...details,
        hint: "It is wrong, expired or revoked. Create a new one, or run `gh auth login`, and set GITHUB_TOKEN.",
      });
    case 403: {
      const sso = /url=(\S+)/.exec(headers.get("x-github-sso") ?? "")?.[1];
      return new PanopticonError("forbidden", `GitHub does not allow this: ${words}`, {
        ...details,
        hint:
          sso === undefined
            ? "The token lacks a permission: a classic token needs the scope `repo`, a fine-grained one needs access to the repository with Issues: read and write."
            : `The organization requires the token to be authorized for single sign-on: open ${sso}`,
      });
    }
    case 404: {
      const lacking = lackingScope(headers, context.request);
      if (lacking !== null) {
        return new PanopticonError(
          "forbidden",
          `GitHub does not let a token without the scope ${lacking} change this.`,
          {
            ...details,
            hint: "Give the token the scope `repo` under Settings → Developer settings on GitHub.",
          },
        );
      }
      return new PanopticonError("not_found", "GitHub could not find it, or the token has no access to it.", {
        ...details,
        hint: "Check the spelling of owner/repository. GitHub gives the same response for a private repository that the token has no access to.",
      });
    }
    case 410:
      return new PanopticonError("gone", `GitHub says it is gone: ${words}`, details);
    case 422:
      return new PanopticonError("invalid_input", `GitHub rejected the request: ${words}`, {
        ...details,
        field: refusedField(answer),
        hint: "Fix the value named above and try again.",
      });
    default:
      return null;
  }
}

/**
 * The scope that a failed write lacks; null if the resource really does not exist. GitHub answers 404 to a write beyond a classic token's scopes, so only the
 * headers tell. https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
 */
function lackingScope(headers: AnswerHeaders, request: string): string | null {
  const granted = headers.get("x-oauth-scopes");
  const accepted = headers.get("x-accepted-oauth-scopes");
  if (request.startsWith("GET ") || granted === null || accepted === null || accepted === "") return null;
  const own = granted.split(",").map((scope) => scope.trim());
  const wanted = accepted.split(",").map((scope) => scope.trim());
  return own.includes("repo") || wanted.some((scope) => own.includes(scope)) ? null : (wanted[0] ?? null);
}

/** When requests are allowed again, on this machine's clock; null if the refusal is not a rate limit. */
function readLimit({ status, headers }: Answer, words: string, context: FailureContext): number | null {
  const retryAfterMs = readRetryAfterMs(headers);
  if (retryAfterMs !== null) return context.now + retryAfterMs;
  if (headers.get("x-ratelimit-remaining")?.trim() === "0") {
    const reset = numberOf(headers.get("x-ratelimit-reset"));
    if (reset !== null) return Math.max(context.now + 1000, context.toLocal(reset * 1000));
  }
  const isSecondary = /secondary rate limit|abuse detection|rate limit exceeded/i.test(words);
  return isSecondary || status === 429 ? context.now + blindWaitMs(context.attempt) : null;
}

function wordsOf(answer: Answer): string {
  const message = fieldOf(answer.body, "message");
  const details = errorsOf(fieldOf(answer.body, "errors"));
  const text = (typeof message === "string" ? message : `status ${answer.status}`).replace(/\s+/g, " ");
  const words = details === "" ? text : `${text}: ${details}`;
  return words.slice(0, 300).replace(/[.\s]*$/, ".");
}

/** The API's names for the fields of an issue, mapped to Panopticon's. */
const fields: ReadonlyMap<string, string> = new Map(
  Object.entries({
    title: "title",
    body: "body",
    data: "body",
    state: "status",
    state_reason: "status",
    milestone: "cycle",
    assignees: "assignees",
    labels: "labels",
    type: "type",
  }),
);

function refusedField(answer: Answer): string | undefined {
  const errors = fieldOf(answer.body, "errors");
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (fieldOf(first, "resource") === "Label") return "labels";
  const name = fieldOf(first, "field");
  return typeof name === "string" ? fields.get(name) : undefined;
}

/** What is wrong with which field: `title is too long (maximum is 256 characters)`, `milestone "99" invalid`. */
function errorsOf(errors: unknown): string {
  if (!Array.isArray(errors)) return "";
  return errors
    .map((error: unknown) => {
      if (typeof error === "string") return error;
      const message = fieldOf(error, "message");
      if (typeof message === "string") return message;
      const value = fieldOf(error, "value");
      const parts = [
        fieldOf(error, "field"),
        value === undefined ? undefined : JSON.stringify(value),
        fieldOf(error, "code"),
      ];
      return parts.filter((part) => typeof part === "string").join(" ");
    })
    .join("; ");
}

function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
