import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";
import { ProblemShape } from "../contract/problem.ts";
import { ValidationFailureShape, ValidationInput, ValidationShape } from "../contract/tracker.ts";
import type { ServerEnv } from "../env.ts";
import type { Services, ValidatedCredentials } from "../services.ts";

const params = z.object({ tracker: z.string() });

/** What the document says of this call. The body is read by hand: whatever is wrong with it is answered in this call's own shape. */
const documentedRoute = createRoute({
  method: "post",
  path: "/api/{tracker}/validate",
  summary: "Test credentials",
  description:
    "From a program on the same machine (no Origin) it needs no session and never uses stored credentials. A browser needs the session; there `{}` tests the stored ones, `{connection}` those of a named connection.",
  request: { params, body: { required: true, content: { "application/json": { schema: ValidationInput } } } },
  responses: {
    200: { description: "They work", content: { "application/json": { schema: ValidationShape } } },
    400: { description: "They do not", content: { "application/json": { schema: ValidationFailureShape } } },
    401: {
      description: "A browser without session",
      content: { "application/problem+json": { schema: ProblemShape } },
    },
    403: { description: "Another site's request", content: { "application/problem+json": { schema: ProblemShape } } },
  },
});

const servedRoute = createRoute({ ...documentedRoute, request: { params }, hide: true });

const deadlineMs = 30_000;

export function addValidateRoute(app: OpenAPIHono<ServerEnv>, services: Services): void {
  app.openAPIRegistry.registerPath(documentedRoute);
  app.openapi(servedRoute, async (c) => {
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(deadlineMs)]);
    try {
      const definition = getDefinition(services.trackers, c.req.valid("param").tracker);
      const values = readValues(await c.req.text(), definition);
      const stored = c.get("fromBrowser") && c.get("signedIn") ? findStored(values, definition) : undefined;
      const result =
        stored === undefined
          ? await services.validate(definition.id, checkGiven(values, definition), signal)
          : await testStored(services, stored, definition, signal);
      return c.json(toValidation(definition, result), 200);
    } catch (error) {
      const failure = toFailureError(error, signal);
      if (failure.code === "internal") services.log.error({ err: error }, "credentials could not be tested");
      return c.json(toFailure(failure), 400);
    }
  });
}

function getDefinition(trackers: readonly TrackerDefinition[], id: string): TrackerDefinition {
  const definition = trackers.find((tracker) => tracker.id === id);
  if (definition !== undefined) return definition;
  const known = trackers.map((tracker) => tracker.id);
  const nearest = nearestWord(id, known);
  throw new PanopticonError("invalid_input", `There is no tracker called “${id}”.`, {
    hint: nearest === undefined ? `Known: ${known.join(", ")}.` : `Did you mean “${nearest}”?`,
  });
}

function readValues(text: string, definition: TrackerDefinition): Readonly<Record<string, string>> {
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new PanopticonError("invalid_input", "The body is not JSON that can be read.", {
      hint: expected(definition),
      cause,
    });
  }
  const values = ValidationInput.safeParse(body);
  if (!values.success) {
    throw new PanopticonError("invalid_input", "The body must be an object of texts.", { hint: expected(definition) });
  }
  return values.data;
}

function expected(definition: TrackerDefinition): string {
  const fields = definition.credentialFields.map((field) => (field.required ? field.name : `${field.name}?`));
  return `Send {${fields.join(", ")}}.`;
}

/** The connection whose stored credentials are meant; undefined when credentials were given, which then stand alone. */
function findStored(values: Readonly<Record<string, string>>, definition: TrackerDefinition): string | undefined {
  const keys = Object.keys(values);
  if (keys.length === 0) return definition.id;
  return keys.length === 1 ? values["connection"] : undefined;
}

function checkGiven(
  values: Readonly<Record<string, string>>,
  definition: TrackerDefinition,
): Readonly<Record<string, string>> {
  const known = definition.credentialFields.map((field) => field.name);
  const unknown = Object.keys(values).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const nearest = nearestWord(unknown, known);
    throw new PanopticonError("invalid_input", `${definition.label} takes no “${unknown}”.`, {
      hint: nearest === undefined ? expected(definition) : `Did you mean “${nearest}”?`,
    });
  }
  const given = Object.fromEntries(
    Object.entries(values)
      .map(([key, value]) => [key, value.trim()] as const)
      .filter(([, value]) => value !== ""),
  );
  const missing = definition.credentialFields.filter((field) => field.required && given[field.name] === undefined);
  const withoutDefault = missing.filter((field) => field.defaultValue === undefined);
  if (withoutDefault.length > 0) {
    const names = withoutDefault.map((field) => field.name).join(" and ");
    throw new PanopticonError("invalid_input", `${definition.label} needs ${names}.`, {
      hint: withoutDefault.map((field) => field.help).join(" "),
    });
  }
  const server = given["server"];
  if (server !== undefined && !/^https?:\/\//i.test(server)) {
    throw new PanopticonError("invalid_input", `“${server}” is not an address with http or https.`, {
      hint: "Write it with https:// before the name of the server.",
    });
  }
  return given;
}

async function testStored(
  services: Services,
  connection: string,
  definition: TrackerDefinition,
  signal: AbortSignal,
): Promise<ValidatedCredentials> {
  const config = services.config.current().connections.find((candidate) => candidate.id === connection);
  const missing = config?.missing ?? definition.credentialFields.filter((field) => field.required);
  if (config === undefined || config.tracker !== definition.id || missing.length > 0) {
    throw new PanopticonError("invalid_input", `No credentials are stored for ${definition.label} (${connection}).`, {
      hint: `Set ${missing.map((field) => field.env[0] ?? field.label).join(" and ")} in ~/.panopticon.env or the environment.`,
    });
  }
  const account = await services.sync.verify(connection, signal);
  const sources = await services.sync.listSources(connection, signal);
  return { account, sources: sources.map(({ id, name }) => ({ id, name })) };
}

function toValidation(definition: TrackerDefinition, result: ValidatedCredentials): ValidationShape {
  const { account, sources } = result;
  const noun = sources.length === 1 ? definition.sourceNoun.one : definition.sourceNoun.many;
  const missing = account.missing.length === 0 ? "" : ` ${account.missing.join(" ")}`;
  return {
    valid: true,
    message: `Signed in to ${definition.label} as ${account.login}; ${sources.length} ${noun} visible.${missing}`,
    account: {
      login: account.login,
      name: account.name,
      scopes: account.scopes === null ? null : [...account.scopes],
    },
    sources: sources.map(({ id, name }) => ({ id, name })),
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

function toFailureError(thrown: unknown, signal: AbortSignal): PanopticonError {
  if (isPanopticonError(thrown)) return thrown;
  if (signal.aborted) {
    return new PanopticonError("timeout", `There was no answer within ${deadlineMs / 1000} seconds.`, {
      cause: thrown,
    });
  }
  return new PanopticonError(
    "internal",
    "The credentials could not be tested: something went wrong inside Panopticon.",
    {
      hint: "The server's log says what.",
      cause: thrown,
    },
  );
}

function toFailure(error: PanopticonError): ValidationFailureShape {
  return {
    valid: false,
    error: error.message,
    errorType: errorTypes[error.code] ?? "query",
    hint: error.hint ?? "Check the server's address and the credentials.",
  };
}
