import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { checkServer } from "../../config/edit-credentials.ts";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";
import { ProblemShape } from "../contract/problem.ts";
import { ValidationFailureShape, ValidationInput, ValidationShape } from "../contract/tracker.ts";
import type { ServerEnv } from "../env.ts";
import { getTracker } from "../find/get-tracker.ts";
import type { Validation } from "../../domain/validation.ts";
import type { Services } from "../services.ts";

const params = z.object({ tracker: z.string() });

/** The document's description of this call. The body is parsed by hand, because any error is answered in this call's own format. */
const documentedRoute = createRoute({
  method: "post",
  path: "/api/{tracker}/validate",
  summary: "Test credentials",
  description:
    "From a program on the same machine (no Origin) it needs no session and never uses stored credentials. A browser needs the session; there `{}` tests the stored credentials, `{connection}` those of a connection, and other fields next to `connection` replace stored ones.",
  request: { params, body: { required: true, content: { "application/json": { schema: ValidationInput } } } },
  responses: {
    200: { description: "The credentials work", content: { "application/json": { schema: ValidationShape } } },
    400: {
      description: "The credentials do not work",
      content: { "application/json": { schema: ValidationFailureShape } },
    },
    401: {
      description: "A browser without a session",
      content: { "application/problem+json": { schema: ProblemShape } },
    },
    403: {
      description: "A request from another site",
      content: { "application/problem+json": { schema: ProblemShape } },
    },
  },
});

const servedRoute = createRoute({ ...documentedRoute, request: { params }, hide: true });

const deadlineMs = 30_000;

export function addValidateRoute(app: OpenAPIHono<ServerEnv>, services: Services): void {
  app.openAPIRegistry.registerPath(documentedRoute);
  app.openapi(servedRoute, async (c) => {
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(deadlineMs)]);
    const mayUseStored = c.get("fromBrowser") && c.get("signedIn");
    try {
      const definition = getTracker(services.trackers, c.req.valid("param").tracker);
      const values = readValues(await c.req.text(), definition);
      const stored = mayUseStored ? findStored(values, definition) : undefined;
      const result =
        stored === undefined
          ? await services.validate(definition.id, values, signal)
          : Object.keys(stored.changes).length === 0
            ? await testStored(services, stored.connection, definition, signal)
            : await services.validate(definition.id, withStored(services, stored, definition), signal);
      return result.valid ? c.json(toShape(result), 200) : c.json(result, 400);
    } catch (thrown) {
      const error = toValidationError(thrown, signal);
      if (error.code === "internal") services.log.error({ err: thrown }, "credentials could not be tested");
      return c.json(toFailure(error), 400);
    }
  });
}

function readValues(text: string, definition: TrackerDefinition): Readonly<Record<string, unknown>> {
  const fields = definition.credentialFields.map((field) => (field.required ? field.name : `${field.name}?`));
  const hint = `Send {${fields.join(", ")}}.`;
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new PanopticonError("invalid_input", "The body is not valid JSON.", { hint, cause });
  }
  const values = ValidationInput.safeParse(body);
  if (values.success) return values.data;
  throw new PanopticonError("invalid_input", "The body must be a JSON object.", { hint });
}

type Stored = { readonly connection: string; readonly changes: Readonly<Record<string, string | null>> };

/** The connection whose stored credentials to use, and the values that replace them; undefined if complete credentials were sent. */
function findStored(values: Readonly<Record<string, unknown>>, definition: TrackerDefinition): Stored | undefined {
  if (Object.keys(values).length === 0) return { connection: definition.id, changes: {} };
  const { connection, ...others } = values;
  if (typeof connection !== "string") return undefined;
  const changes = z.record(z.string(), z.string().nullable()).safeParse(others);
  if (changes.success) return { connection, changes: changes.data };
  throw new PanopticonError("invalid_input", "Every credential must be text or null.");
}

/** A form's values over the stored ones. A stored secret is only sent to its own server. */
function withStored(
  services: Services,
  { connection: id, changes }: Stored,
  definition: TrackerDefinition,
): Readonly<Record<string, unknown>> {
  const connection = services.config.current().connections.find((one) => one.id === id);
  if (connection !== undefined && connection.tracker !== definition.id) {
    throw new PanopticonError("invalid_input", `“${id}” is not a connection to ${definition.label}.`);
  }
  checkServer(changes, definition, connection);
  return { ...connection?.values, ...changes };
}

type Valid = Extract<Validation, { valid: true }>;

/** Uses the sync engine, whose connection has the credentials, so that they go only to their own server. */
async function testStored(
  services: Services,
  connection: string,
  definition: TrackerDefinition,
  signal: AbortSignal,
): Promise<Valid> {
  const config = services.config.current().connections.find((candidate) => candidate.id === connection);
  const missing = config?.missing ?? definition.credentialFields.filter((field) => field.required);
  if (config === undefined || config.tracker !== definition.id || missing.length > 0) {
    throw new PanopticonError("invalid_input", `No credentials are stored for ${definition.label} (${connection}).`, {
      hint: `Set ${missing.map((field) => field.env[0] ?? field.label).join(" and ")} in ~/.panopticon.env or the environment.`,
    });
  }
  const account = await services.sync.verify(connection, signal);
  const sources = await services.sync.listSources(connection, signal);
  const noun = sources.length === 1 ? definition.sourceNoun.one : definition.sourceNoun.many;
  const message = `Signed in to ${definition.label} as ${account.login}; ${sources.length} ${noun} visible.`;
  return { valid: true, message: [message, ...account.missing].join(" "), account, sources };
}

/** Only what the contract contains: an account may have more fields. */
function toShape({ message, account, sources }: Valid): ValidationShape {
  const { login, name, scopes } = account;
  return {
    valid: true,
    message,
    account: { login, name, scopes: scopes === null ? null : [...scopes] },
    sources: sources.map((source) => ({ id: source.id, key: source.key, name: source.name })),
  };
}

const errorTypes: Partial<Record<PanopticonError["code"], ValidationFailureShape["errorType"]>> = {
  auth: "auth",
  forbidden: "auth",
  invalid_input: "input",
  unreachable: "network",
  timeout: "network",
  rate_limited: "network",
  busy: "network",
};

function toValidationError(thrown: unknown, signal: AbortSignal): PanopticonError {
  if (isPanopticonError(thrown)) return thrown;
  if (signal.aborted) {
    return new PanopticonError("timeout", `No response within ${deadlineMs / 1000} seconds.`, {
      cause: thrown,
    });
  }
  return new PanopticonError("internal", "Something went wrong inside Panopticon while testing the credentials.", {
    hint: "See the server's log.",
    cause: thrown,
  });
}

function toFailure(error: PanopticonError): ValidationFailureShape {
  return {
    valid: false,
    error: error.message,
    errorType: errorTypes[error.code] ?? "query",
    hint: error.hint ?? "Check the server's address and the credentials.",
    ...(error.request !== undefined && { request: error.request }),
    ...(error.field !== undefined && { field: error.field }),
  };
}
