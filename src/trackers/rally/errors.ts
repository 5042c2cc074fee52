import { PanopticonError } from "../../domain/error.ts";
import type { AnswerHeaders, FailureContext } from "../http/http-client.ts";
import { fieldOf } from "../http/parse-body.ts";
import { blindWaitMs, readRetryAfterMs } from "../http/retry-after.ts";

const tracker = "rally";

type Answer = {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: unknown;
  readonly text: string;
};

const places = "RALLY_WORKSPACE and RALLY_PROJECT, rally_workspace and rally_project in projects.yaml";

/**
 * Reads Rally's refusals, most of which have status 200: the `Errors` of a list, or of a call for one object. The error includes the query, because the message
 * alone ("expected ) but saw AND") explains nothing.
 */
export function readFailure(answer: Answer, context: FailureContext): PanopticonError | null {
  const { status, headers } = answer;
  const { errors, warnings } = readWords(answer.body);
  const words = sentence(errors.join(" ") || `status ${status}`);
  const query = queryOf(context.request);
  const request = query === null ? context.request : `${context.request} (query ${query})`;
  const details = { tracker, request };

  if (status === 429 || (status === 503 && headers.has("retry-after"))) {
    const retryAfterMs = readRetryAfterMs(headers);
    return new PanopticonError("rate_limited", `Rally's rate limit is reached: ${words}`, {
      ...details,
      retryAt: context.now + (retryAfterMs ?? blindWaitMs(context.attempt)),
      hint: "Nothing is lost. A running server continues by itself at that time.",
    });
  }
  if (status === 401 || errors.some((error) => /invalid key|not authenticated|session (?:has )?expired/i.test(error))) {
    return new PanopticonError("auth", `Rally rejected the API key: ${words}`, {
      ...details,
      hint: "It is wrong, expired or revoked. Create a new one with read access under API Keys in Rally's login settings, and set RALLY_API_KEY.",
    });
  }
  if (status === 403) {
    return new PanopticonError("forbidden", `Rally does not allow this: ${words}`, {
      ...details,
      hint: `The key lacks a permission, or its user has no access to the workspace or project. Check the key's grants, and ${places}.`,
    });
  }
  const isWrite = !context.request.startsWith("GET ");
  if (errors.length > 0 && status < 500) {
    return isWrite ? readRefusal(errors, words, details) : readError(errors, words, query, details);
  }
  // A new item exists nevertheless: its response shows what it lacks.
  const isNew = /\/create(?:\?|$)/.test(context.request);
  const ignored = warnings.find((warning) => /ignored json element (?!\S*\.VersionId\b)/i.test(warning));
  if (ignored !== undefined && !isNew) {
    return new PanopticonError("invalid_input", `Rally did not accept all of the change: ${sentence(ignored)}`, {
      ...details,
      hint: "The field does not exist for this type, or is read-only. Panopticon reads the item again to see what was written.",
    });
  }
  if (status === 404) {
    return new PanopticonError("not_found", "Rally does not recognize this address.", {
      ...details,
      hint: "Check RALLY_SERVER: it is https://rally1.rallydev.com, or your own server's address, without a path.",
    });
  }
  return null;
}

function readError(
  errors: readonly string[],
  words: string,
  query: string | null,
  details: { readonly tracker: string; readonly request: string },
): PanopticonError {
  const asked = query === null ? "" : ` The query was ${query}.`;
  if (errors.some((error) => /could not parse/i.test(error))) {
    return new PanopticonError("invalid_input", `Rally could not read a query: ${words}${asked}`, {
      ...details,
      hint: `The workspace or project may be wrong (${places}), or the key may lack read access or have expired. DEBUG=rally shows every query.`,
    });
  }
  if (
    errors.some((error) =>
      /could not read|cannot find object|could not (?:find|set) (?:workspace|project)/i.test(error),
    )
  ) {
    return new PanopticonError(
      "not_found",
      `Rally could not find it, or the key has no access to it: ${words}${asked}`,
      {
        ...details,
        hint: `Check the workspace and project (${places}), and that the key's user has access to them. Rally gives the same response for both.`,
      },
    );
  }
  if (errors.some((error) => /not authorized|not permitted|no permission/i.test(error))) {
    return new PanopticonError("forbidden", `Rally does not allow this: ${words}${asked}`, {
      ...details,
      hint: "The key's user lacks the permission, or the key is read-only.",
    });
  }
  return new PanopticonError("invalid_input", `Rally rejected the request: ${words}${asked}`, {
    ...details,
    hint: "DEBUG=rally shows every request.",
  });
}

/** Why nothing of a change was carried out. */
function readRefusal(
  errors: readonly string[],
  words: string,
  details: { readonly tracker: string; readonly request: string },
): PanopticonError {
  const says = (pattern: RegExp) => errors.some((error) => pattern.test(error));
  if (says(/concurrency conflict/i)) {
    return new PanopticonError("conflict", `Someone else changed it in the meantime: ${words}`, {
      ...details,
      hint: "Check the current value in Rally, then retry or drop the change.",
    });
  }
  if (says(/not authorized|not permitted|no permission/i)) {
    return new PanopticonError("forbidden", `Rally does not allow this: ${words}`, {
      ...details,
      hint: "The key's user must be an editor of the project, or for a comment, its author. A project administrator can change the role.",
    });
  }
  if (errors.every((error) => /could not read|cannot find object/i.test(error))) {
    return new PanopticonError("not_found", `Rally could not find it, or the key may not change it: ${words}`, {
      ...details,
      hint: "It was deleted or moved in the meantime, or the key's user has no access to it.",
    });
  }
  return new PanopticonError("invalid_input", `Rally rejected it: ${words}`, {
    ...details,
    hint: "Nothing was changed. Use another value, or make the change in Rally if it is only possible there.",
  });
}

const envelopes = ["QueryResult", "OperationResult", "CreateResult"];

function readWords(body: unknown): { readonly errors: readonly string[]; readonly warnings: readonly string[] } {
  const results = envelopes.map((name) => fieldOf(body, name));
  const texts = (name: string) =>
    results.flatMap((result) => fieldOf(result, name) ?? []).filter((text): text is string => typeof text === "string");
  return { errors: texts("Errors"), warnings: texts("Warnings") };
}

/** The query of a request, decoded. */
export function queryOf(request: string): string | null {
  return URL.parse(request.replace(/^[A-Z]+ /, ""))?.searchParams.get("query") ?? null;
}

function sentence(text: string): string {
  return text.slice(0, 500).replace(/[.\s]*$/, ".");
}
