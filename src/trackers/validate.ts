import type { Clock } from "../domain/clock.ts";
import { type ErrorCode, type PanopticonError, toPanopticonError } from "../domain/error.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import type { Validation } from "../domain/validation.ts";
import { createHttpClient } from "./http/create-http-client.ts";
import { withDeadline } from "./http/deadline.ts";
import type { TrackerDefinition } from "./tracker.ts";

/** Further sources are not listed: this is only a test, and an untrusted server could list forever. */
const maxSources = 1000;
const deadlineMs = 10_000;
const overallMs = 30_000;

/**
 * Tests credentials that a user typed: uses no others, and only at the server they name, over http or https, without redirects. `values` are the body's fields
 * by the definition's credential names. Never throws.
 */
export async function validateCredentials(
  definition: TrackerDefinition,
  values: Readonly<Record<string, unknown>>,
  options: {
    readonly clock: Clock;
    readonly userAgent: string;
    readonly signal?: AbortSignal | undefined;
    readonly log?: (line: string) => void;
  },
): Promise<Validation> {
  const read = readValues(definition, values);
  if (!read.ok) return read.failure;
  try {
    const { client } = createHttpClient({
      policy: definition.http,
      values: read.values,
      clock: options.clock,
      userAgent: options.userAgent,
      redirects: "refuse",
      attempts: 1,
      deadlineMs,
      ...(options.log === undefined ? {} : { log: options.log }),
    });
    return await withDeadline(overallMs, options.signal, async (signal) => {
      const connection = definition.connect(client);
      const account = await connection.verify(signal);
      const sources: { id: string; key: string; name: string }[] = [];
      let more = false;
      for await (const { id, key, name } of connection.sources(signal)) {
        if (sources.length === maxSources) {
          more = true;
          break;
        }
        sources.push({ id, key, name });
      }
      const { one, many } = definition.sourceNoun;
      const count = `${more ? "more than " : ""}${sources.length} ${sources.length === 1 ? one : many}`;
      const who = account.name === account.login ? account.name : `${account.name} (${account.login})`;
      return {
        valid: true,
        message: [`Signed in as ${who}; ${count} visible.`, ...account.missing].join(" "),
        account: { login: account.login, name: account.name, scopes: account.scopes, missing: account.missing },
        sources,
      };
    });
  } catch (cause) {
    return toFailure(toPanopticonError(cause), definition);
  }
}

function readValues(
  definition: TrackerDefinition,
  given: Readonly<Record<string, unknown>>,
): { ok: true; values: Record<string, string> } | { ok: false; failure: Validation } {
  const names = definition.credentialFields.map((field) => field.name);
  const refuse = (field: string, error: string, hint: string) => ({
    ok: false as const,
    failure: { valid: false as const, error, errorType: "input" as const, hint, field },
  });
  for (const [name, value] of Object.entries(given)) {
    if (!names.includes(name)) {
      const near = nearestWord(name, names);
      return refuse(
        name,
        `"${name}" is not a field of ${definition.label}'s credentials.`,
        near ? `Did you mean "${near}"?` : `The fields are ${names.join(", ")}.`,
      );
    }
    if (value != null && typeof value !== "string") return refuse(name, `"${name}" must be text.`, "Put it in quotes.");
  }
  const values: Record<string, string> = {};
  for (const field of definition.credentialFields) {
    const value = given[field.name];
    const text = (typeof value === "string" ? value.trim() : "") || field.defaultValue;
    if (text !== undefined && text !== "") values[field.name] = text;
    else if (field.required) return refuse(field.name, `"${field.name}" is missing.`, field.help);
  }
  return { ok: true, values };
}

const errorTypes: Readonly<Partial<Record<ErrorCode, "auth" | "network" | "input">>> = {
  auth: "auth",
  forbidden: "auth",
  unreachable: "network",
  timeout: "network",
  rate_limited: "network",
  busy: "network",
  invalid_input: "input",
  not_found: "input",
};

/** Credentials and server are right; only the query could not be answered. */
function isAboutQuery({ code, request }: PanopticonError): boolean {
  return (code === "invalid_input" || code === "not_found") && /[?&]query=/.test(request ?? "");
}

function toFailure(error: PanopticonError, definition: TrackerDefinition): Validation {
  return {
    valid: false,
    error: error.message,
    errorType: isAboutQuery(error) ? "query" : (errorTypes[error.code] ?? "query"),
    hint:
      error.hint ??
      `Check the ${definition.credentialFields.map((field) => field.label.toLowerCase()).join(" and the ")}.`,
    ...(error.request !== undefined && { request: error.request }),
  };
}
