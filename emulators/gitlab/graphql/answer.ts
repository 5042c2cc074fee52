import { type DocumentNode, execute, GraphQLError, parse, validate } from "graphql";
import type { WireReply, WireRequest } from "../../server/http-server.ts";
import { type Account, canSee } from "../access.ts";
import { jsonReply } from "../replies.ts";
import { findProject, type GitLabState } from "../state.ts";
import type { Wire } from "../wire.ts";
import { numberIn } from "./ids.ts";
import { type Age, type SchemaName, schemaOf } from "./schema.ts";
import { type UpdateInput, updateWorkItem } from "./update-work-item.ts";
import { toProject, toWorkItem } from "./work-items.ts";

type Parts = {
  readonly state: GitLabState;
  readonly account: Account;
  readonly wire: Wire;
  readonly age: Age;
  /** The Community Edition, without paid features. */
  readonly isFree: boolean;
};

type Checked = { readonly document: DocumentNode; readonly problems: readonly GraphQLError[] };

/** Queries repeat: cache each parsed and validated text for all servers of a version and edition, which share their types. */
const rememberedQueries = 200;
const remembered = new Map<string, Checked>();

/** Throws a GraphQLError if the query is invalid. */
function check(name: SchemaName, query: string): Checked {
  const key = `${name}\n${query}`;
  const known = remembered.get(key);
  if (known) return known;
  const document = parse(query);
  const made = { document, problems: validate(schemaOf(name), document) };
  if (remembered.size >= rememberedQueries) remembered.clear();
  remembered.set(key, made);
  return made;
}

/** `POST /api/graphql`: errors are reported with status 200. */
export function answerGraphql(parts: Parts, request: WireRequest): WireReply {
  const body = readBody(request.body);
  if (typeof body["query"] !== "string") {
    return jsonReply(422, { errors: [{ message: "No query string was present" }] });
  }
  const name = parts.isFree ? "free" : parts.age;
  const schema = schemaOf(name);
  try {
    const { document, problems } = check(name, body["query"]);
    if (problems.length > 0) return jsonReply(200, { errors: problems.map(inWords) });
    const variableValues = (body["variables"] ?? {}) as Record<string, unknown>;
    const result = execute({ schema, document, variableValues, rootValue: rootOf(parts) });
    if (result instanceof Promise) throw new Error("Nothing here takes time.");
    return jsonReply(200, result.data === undefined ? { errors: result.errors?.map(inWords) } : result);
  } catch (error) {
    if (error instanceof GraphQLError) return jsonReply(200, { errors: [{ message: error.message }] });
    throw error;
  }
}

function rootOf(parts: Parts) {
  const { state, account, wire } = parts;
  const seen = (id: unknown, ...kinds: string[]) => {
    const issue = state.issuesById.get(numberIn(id, ...kinds));
    return issue !== undefined && canSee(account, issue.project) ? issue : undefined;
  };
  return {
    issue: ({ id }: { readonly id: unknown }) => {
      const issue = seen(id, "Issue", "WorkItem");
      return issue && { id, iid: String(issue.iid), title: issue.title, webUrl: wire.issueUrl(issue) };
    },
    workItem: ({ id }: { readonly id: unknown }) => {
      const issue = seen(id, "WorkItem", "Issue");
      return issue && toWorkItem(parts, issue);
    },
    project: ({ fullPath }: { readonly fullPath: string }) => {
      const project = findProject(state, fullPath);
      return project !== undefined && canSee(account, project) ? toProject(parts, project) : null;
    },
    workItemUpdate: ({ input }: { readonly input: UpdateInput }) => updateWorkItem(parts, input),
  };
}

/** Words a schema error the way graphql-ruby does. */
function inWords({ message }: { readonly message: string }): object {
  const field = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(message);
  if (field !== null) {
    const [, fieldName = "", typeName = ""] = field;
    return {
      message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
      extensions: { code: "undefinedField", typeName, fieldName },
    };
  }
  const typeName = /^Unknown type "(\w+)"/.exec(message)?.[1];
  if (typeName !== undefined) {
    return {
      message: `No such type ${typeName}, so it can't be a fragment condition`,
      extensions: { code: "undefinedType", typeName },
    };
  }
  const argument = /^Unknown argument "(\w+)" on field "(\w+)\.(\w+)"/.exec(message);
  if (argument !== null) {
    const [, argumentName = "", , name = ""] = argument;
    return {
      message: `Field '${name}' doesn't accept argument '${argumentName}'`,
      extensions: { code: "argumentNotAccepted", name, typeName: "Field", argumentName },
    };
  }
  const [, unknownInput, inputType] = /Field "(\w+)" is not defined by type "(\w+)"/.exec(message) ?? [];
  if (unknownInput === undefined) return { message };
  return {
    message: `Variable $input of type ${inputType}! was provided invalid value for ${unknownInput} (Field is not defined on ${inputType})`,
  };
}

function readBody(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
