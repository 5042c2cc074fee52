import {
  type DocumentNode,
  executeSync,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from "graphql";
import type { ActiveFaults } from "../server/fault-list.ts";
import type { WireHandler, WireReply, WireRequest } from "../server/http-server.ts";
import { type Access, type Account } from "./access.ts";
import { computeCharge, computeComplexity, maxComplexity } from "./complexity.ts";
import { asGraphQLFailure, inputError, notAuthenticated, tooComplex } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { RequestContext } from "./request-context.ts";
import type { LinearState } from "./state.ts";

type Parts = {
  readonly state: LinearState;
  readonly schema: GraphQLSchema;
  readonly access: Access;
  readonly limits: Limits;
};

type Prepared = { readonly document: DocumentNode } | { readonly failures: readonly object[] };

/** Documents repeat and are large: cache each parsed and validated text for all servers, which share their types. */
const rememberedDocuments = 200;
const documents = new Map<string, Prepared>();

/** Linear's front end: credentials, limits, validation, complexity, execution. */
export function createHandler(parts: Parts): WireHandler {
  const { state, schema, access, limits } = parts;

  return (request, faults) => {
    if (request.method !== "POST" || (request.path !== "/" && request.path !== "/graphql")) {
      return { status: 404, headers: { "Content-Type": "text/plain" }, body: "Not found" };
    }
    const reply = answer(request, faults);
    const headers: Record<string, string> = {
      "Content-Type": "application/json; charset=utf-8",
      ...reply.headers,
    };
    if (faults.has("no-limit-headers")) {
      for (const name of Object.keys(headers)) if (/^x-(ratelimit-|complexity)/.test(name)) delete headers[name];
    }
    return { ...reply, headers };
  };

  function answer(request: WireRequest, faults: ActiveFaults): WireReply {
    const account = faults.has("revoked") ? notAuthenticated() : access.identify(request);
    if (account instanceof GraphQLError) return failure(account);
    const refused = limits.spendRequest(account, faults);
    if (refused) return failure(refused.error, refused.headers);
    return runQuery(request, account);
  }

  function runQuery(request: WireRequest, account: Account): WireReply {
    const asked = readBody(request.body);
    if (asked === null) {
      const error = inputError(
        "POST body missing, invalid Content-Type, or JSON object has no keys.",
        "The request is not a GraphQL query.",
        {
          http: { status: 400 },
        },
      );
      return failure(error, limits.headers(account));
    }
    const prepared = prepare(asked.query);
    if ("failures" in prepared) return json(400, { errors: prepared.failures }, limits.headers(account));

    const operations = prepared.document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
    const operation = operations.find((one) => asked.operationName === null || one.name?.value === asked.operationName);
    if (operation === undefined) {
      const error = new GraphQLError(`Unknown operation named "${asked.operationName ?? ""}".`);
      return json(400, { errors: [asGraphQLFailure(error)] }, limits.headers(account));
    }
    const complexity = estimate(prepared.document, operation, asked.variables);
    if (complexity > maxComplexity) return failure(tooComplex(complexity, maxComplexity), limits.headers(account));

    const contextValue: RequestContext = {
      user: account.user,
      sees: account.sees,
      writes: account.writes,
      limits: () => limits.status(account),
    };
    const result = executeSync({
      schema,
      document: prepared.document,
      variableValues: asked.variables,
      operationName: asked.operationName,
      contextValue,
    });
    // Without `data` nothing was executed: the variables had the wrong types.
    if (result.data === undefined) {
      return json(400, { errors: (result.errors ?? []).map(asGraphQLFailure) }, limits.headers(account));
    }
    rethrowBugs(result.errors);
    const charge = Math.ceil(computeCharge(result.data));
    limits.spendPoints(account, charge);
    const data: unknown = state.malformed.size === 0 ? result.data : malform(state, result.data);
    const body = result.errors ? { errors: result.errors.map(toJson), data: result.data } : { data };
    return json(200, body, { ...limits.headers(account), "x-complexity": String(charge) });
  }

  function prepare(query: string): Prepared {
    const known = documents.get(query);
    if (known) return known;
    const made = parseAndValidate(schema, query);
    if (documents.size >= rememberedDocuments) documents.clear();
    documents.set(query, made);
    return made;
  }

  function estimate(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Record<string, unknown>,
  ): number {
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const one of document.definitions)
      if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
    const defaults: Record<string, unknown> = {};
    for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
      if (defaultValue?.kind === Kind.INT) defaults[variable.name.value] = Number(defaultValue.value);
    }
    return computeComplexity(schema, operation, fragments, { ...defaults, ...variables });
  }
}

function parseAndValidate(schema: GraphQLSchema, query: string): Prepared {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return { failures: [asGraphQLFailure(error)] };
    throw error;
  }
  const errors = validate(schema, document);
  return errors.length > 0 ? { failures: errors.map(asGraphQLFailure) } : { document };
}

type Asked = {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
};

function readBody(text: string): Asked | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== "object" || body === null) return null;
  const { query, variables, operationName } = body as Record<string, unknown>;
  if (typeof query !== "string") return null;
  return {
    query,
    variables: typeof variables === "object" && variables !== null ? (variables as Record<string, unknown>) : {},
    operationName: typeof operationName === "string" ? operationName : null,
  };
}

/** Intended errors have a code; anything else is a bug in the emulator and must not pass for Linear's response. */
function rethrowBugs(errors: readonly GraphQLError[] | undefined): void {
  for (const error of errors ?? []) if (error.extensions["code"] === undefined) throw error.originalError ?? error;
}

function malform(state: LinearState, data: unknown): unknown {
  if (Array.isArray(data)) return data.map((item) => malform(state, item));
  if (typeof data !== "object" || data === null) return data;
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) copy[name] = malform(state, value);
  const how = typeof copy["id"] === "string" ? state.malformed.get(copy["id"]) : undefined;
  if (how === "missing-field") delete copy["title"];
  if (how === "wrong-type" && "updatedAt" in copy) copy["updatedAt"] = { at: copy["updatedAt"] };
  return copy;
}

function failure(error: GraphQLError, headers: Record<string, string> = {}): WireReply {
  const http = error.extensions["http"] as { readonly status: number } | undefined;
  return json(http?.status ?? 200, { errors: [toJson(error)] }, headers);
}

function toJson(error: GraphQLError): object {
  const { message, locations, path, extensions } = error;
  return { message, ...(path ? { path } : {}), ...(locations ? { locations } : {}), extensions };
}

function json(status: number, body: unknown, headers: Record<string, string>): WireReply {
  return { status, headers, body: JSON.stringify(body) };
}
