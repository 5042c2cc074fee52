import { buildSchema, graphqlSync, GraphQLError } from "graphql";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import { type Account, canSee } from "./access.ts";
import { jsonReply } from "./replies.ts";
import type { GitLabState } from "./state.ts";
import type { Wire } from "./wire.ts";

/** The part of GitLab's GraphQL that is emulated: finding an issue by its global id, which REST leaves to administrators. */
const schema = buildSchema(/* GraphQL */ `
  scalar IssueID
  type Issue {
    id: ID!
    iid: ID!
    title: String!
    webUrl: String!
  }
  type Query {
    issue(id: IssueID!): Issue
  }
`);

export function answerGraphql(
  parts: { readonly state: GitLabState; readonly account: Account; readonly wire: Wire },
  request: WireRequest,
): WireReply {
  const { state, account, wire } = parts;
  const body = readBody(request.body);
  if (typeof body["query"] !== "string")
    return jsonReply(422, { errors: [{ message: "No query string was present" }] });
  const result = graphqlSync({
    schema,
    source: body["query"],
    variableValues: (body["variables"] ?? {}) as Record<string, unknown>,
    rootValue: {
      issue: ({ id }: { id: unknown }) => {
        const number = /^gid:\/\/gitlab\/(?:Issue|WorkItem)\/(\d+)$/.exec(String(id))?.[1];
        if (number === undefined) throw new GraphQLError(`"${String(id)}" is not a valid GitLab ID.`);
        const issue = state.issuesById.get(Number(number));
        if (issue === undefined || !canSee(account, issue.project)) return null;
        return { id, iid: String(issue.iid), title: issue.title, webUrl: wire.issueUrl(issue) };
      },
    },
  });
  return jsonReply(200, result);
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
