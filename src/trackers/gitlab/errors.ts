import { PanopticonError } from "../../domain/error.ts";
import type { AnswerHeaders, BudgetReading, FailureContext } from "../http/http-client.ts";
import { fieldOf } from "../http/parse-body.ts";
import { blindWaitMs, readRetryAfterMs } from "../http/retry-after.ts";

const tracker = "gitlab";

type Answer = {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: unknown;
  readonly text: string;
};

/**
 * The budget from the headers, per minute, reset in epoch seconds: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
 */
export function readBudget({ headers }: { headers: AnswerHeaders }): BudgetReading | null {
  const limit = numberOf(headers.get("ratelimit-limit"));
  const remaining = numberOf(headers.get("ratelimit-remaining"));
  const reset = numberOf(headers.get("ratelimit-reset"));
  if (limit === null && remaining === null) return null;
  return { limit, remaining, resetAt: reset === null ? null : reset * 1000 };
}

export function readFailure(answer: Answer, context: FailureContext): PanopticonError | null {
  const { status } = answer;
  // A web page does not come from the API but from another server or a proxy.
  if (status < 400 || (status !== 429 && answer.text.trimStart().startsWith("<"))) return null;
  const words = wordsOf(answer);
  const details = { tracker, request: context.request };
  switch (status) {
    case 429:
      // The rate limiter in front of GitLab responds in plain text.
      return new PanopticonError("rate_limited", `GitLab's rate limit is reached: ${words}`, {
        ...details,
        retryAt: retryAtOf(answer, context),
        hint: "Nothing is lost. A running server continues by itself at that time.",
      });
    case 401:
      return new PanopticonError("auth", `GitLab rejected the token: ${words}`, {
        ...details,
        hint: "It is wrong, expired or revoked, or belongs to a different server than GITLAB_URL. Create one with the scope `api` and set GITLAB_TOKEN, or run `glab auth login`.",
      });
    case 403:
      return new PanopticonError("forbidden", `GitLab denied this: ${words}`, {
        ...details,
        hint:
          fieldOf(answer.body, "error") === "insufficient_scope"
            ? "The token lacks a scope: create one with `api` (or `read_api` for read-only access) and set GITLAB_TOKEN."
            : "The token needs the scope `api`, and its user needs a role in the project (Reporter or higher sees everything).",
      });
    case 404:
      return new PanopticonError(
        "not_found",
        /^404\b/.test(words)
          ? "GitLab cannot find it, or the token has no access to it."
          : `GitLab cannot find it: ${words}`,
        {
          ...details,
          hint: "Check the spelling of group/project. GitLab gives the same response for a private project that the token has no access to.",
        },
      );
    case 400:
    case 405:
    case 422:
      return new PanopticonError("invalid_input", `GitLab rejected the request: ${words}`, {
        ...details,
        field: fieldNameOf(answer.body),
      });
    case 409:
      if (fieldOf(answer.body, "needs_captcha_response") === true) {
        return new PanopticonError("forbidden", `GitLab considers this spam: ${words}`, {
          ...details,
          hint: "Make this change in GitLab itself, where you can solve the captcha.",
        });
      }
      return new PanopticonError("conflict", `GitLab reports a conflict: ${words}`, {
        ...details,
        hint: "Someone else changed it at the same time. Check the tracker's current value, then retry or drop the change.",
      });
    default:
      return null;
  }
}

/** When requests are allowed again, on this machine's clock. */
function retryAtOf({ headers }: Answer, context: FailureContext): number {
  const retryAfterMs = readRetryAfterMs(headers);
  if (retryAfterMs !== null) return context.now + retryAfterMs;
  const reset = numberOf(headers.get("ratelimit-reset"));
  if (headers.get("ratelimit-remaining")?.trim() === "0" && reset !== null) {
    return Math.max(context.now + 1000, context.toLocal(reset * 1000));
  }
  return context.now + blindWaitMs(context.attempt);
}

/** GitLab's message: `message` (a text, or texts by field), `error` from parameter checks and OAuth, or the plain text of the rate limiter. */
function wordsOf({ status, body, text }: Answer): string {
  const words = fieldOf(body, "error_description") ?? fieldOf(body, "message") ?? fieldOf(body, "error") ?? text.trim();
  const plain = typeof words === "string" ? words : inSentences(words);
  return (plain === "" ? `status ${status}` : plain).slice(0, 300).replace(/[.\s]*$/, ".");
}

/** `{"title": ["can't be blank"]}` → `title can't be blank`. */
function inSentences(words: unknown): string {
  if (typeof words !== "object" || words === null) return JSON.stringify(words) ?? "";
  const parts = Object.entries(words).flatMap(([field, problems]) =>
    (Array.isArray(problems) ? problems : [problems]).map((problem) =>
      typeof problem === "string" ? `${field === "base" || field === "error" ? "" : `${field} `}${problem}` : "",
    ),
  );
  return parts.some((part) => part !== "") ? parts.filter((part) => part !== "").join(", ") : JSON.stringify(words);
}

/** The API's parameter names that may be refused, mapped to the fields of a change. */
const fieldNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    title: "title",
    description: "body",
    labels: "labels",
    add_labels: "labels",
    assignee_ids: "assignees",
    milestone_id: "cycle",
    due_date: "dueDate",
    weight: "estimate",
    issue_type: "type",
    state_event: "status",
  }),
);

/** The field that a refusal is about: the key of a model's message, or the first word of a parameter check. */
function fieldNameOf(body: unknown): string | undefined {
  const message = fieldOf(body, "message");
  const key = typeof message === "object" && message !== null ? Object.keys(message)[0] : undefined;
  const said = fieldOf(body, "error");
  const name = key ?? (typeof said === "string" ? /^\w+/.exec(said)?.[0] : undefined);
  return name === undefined ? undefined : fieldNames.get(name);
}

function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
