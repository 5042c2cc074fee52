import type { WireReply, WireRequest } from "../server/http-server.ts";

/** Jira's responses other than records. */
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

/** The part of a list that the query requests. */
export function pageOf<T>(request: WireRequest, items: readonly T[], most: number) {
  const read = (name: string, fallback: number) => {
    const value = Number(request.query.get(name) ?? fallback);
    return Number.isInteger(value) && value >= 0 ? value : fallback;
  };
  const startAt = read("startAt", 0);
  const maxResults = Math.max(1, Math.min(read("maxResults", 50), most));
  const values = items.slice(startAt, startAt + maxResults);
  return { startAt, maxResults, total: items.length, isLast: startAt + values.length >= items.length, values };
}

export const replies = {
  noComment: (id: string) => errorReply(404, [`Can not find a comment for the id: ${id}.`]),
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
  /** Data Center's response to an unknown token. */
  badToken: (): WireReply => ({
    status: 401,
    headers: {
      "Content-Type": "application/json;charset=UTF-8",
      "X-Seraph-LoginReason": "AUTHENTICATED_FAILED",
      "WWW-Authenticate": 'OAuth realm="Jira"',
    },
    body: JSON.stringify({ message: "Client must be authenticated to access this resource.", "status-code": 401 }),
  }),
  /** Cloud's response to a token without its e-mail. */
  tokenAlone: () => jsonReply(403, { error: "Failed to parse Connect Session Auth Token" }),
  deadLink: (): WireReply => ({
    status: 404,
    headers: { "Content-Type": "text/html;charset=UTF-8" },
    body: "<!doctype html><title>Oops, you&#39;ve found a dead link.</title>",
  }),
};
