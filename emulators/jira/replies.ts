import type { WireReply } from "../server/http-server.ts";

/** Jira's answers other than records. */
export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): WireReply {
  return {
    status,
    headers: { "Content-Type": "application/json;charset=UTF-8", ...headers },
    body: JSON.stringify(body),
  };
}

export function errorReply(
  status: number,
  messages: readonly string[],
  errors: Record<string, string> = {},
): WireReply {
  return jsonReply(status, { errorMessages: messages, errors });
}

export const replies = {
  noIssue: () => errorReply(404, ["Issue does not exist or you do not have permission to see it."]),
  noProject: (key: string) => errorReply(404, [`No project could be found with key '${key}'.`]),
  badPayload: () => errorReply(400, ["Invalid request payload. Refer to the REST API documentation and try again."]),
  unbounded: () =>
    errorReply(400, ["Unbounded JQL queries are not allowed here. Please add a search restriction to your query."]),
  /** https://developer.atlassian.com/changelog/#CHANGE-2046 */
  removedSearch: () =>
    errorReply(410, [
      "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046",
    ]),
  notSignedIn: (): WireReply => ({
    status: 401,
    headers: { "Content-Type": "text/plain;charset=UTF-8", "X-Seraph-LoginReason": "AUTHENTICATED_FAILED" },
    body: "Client must be authenticated to access this resource.",
  }),
  /** What Data Center says to a token it does not know. */
  badToken: (): WireReply => ({
    status: 401,
    headers: {
      "Content-Type": "application/json;charset=UTF-8",
      "X-Seraph-LoginReason": "AUTHENTICATED_FAILED",
      "WWW-Authenticate": 'OAuth realm="Jira"',
    },
    body: JSON.stringify({ message: "Client must be authenticated to access this resource.", "status-code": 401 }),
  }),
  /** What Cloud says to a token without its e-mail. */
  tokenAlone: () => jsonReply(403, { error: "Failed to parse Connect Session Auth Token" }),
  deadLink: (): WireReply => ({
    status: 404,
    headers: { "Content-Type": "text/html;charset=UTF-8" },
    body: "<!doctype html><title>Oops, you&#39;ve found a dead link.</title>",
  }),
};
