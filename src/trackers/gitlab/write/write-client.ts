import type { HttpClient, HttpRequest } from "../../http/http-client.ts";
import { parseBody } from "../../http/parse-body.ts";
import { AnyList, Issue, Note, User } from "../schema.ts";
import { linkedPages } from "../../http/linked-pages.ts";

export type WriteClient = ReturnType<typeof createWriteClient>;

type Sending = { readonly accept?: readonly number[]; readonly signal: AbortSignal | undefined };

/** The maximum page size. */
const pageSize = 100;

/** GitLab's write endpoints as functions, each sent once, and the lists of the caller's newest records. `project` is a project's id or path. */
export function createWriteClient(http: HttpClient) {
  let account: Promise<User> | undefined;

  const issuesOf = (project: string) => `/projects/${encodeURIComponent(project)}/issues`;
  const send = (method: "POST" | "PUT" | "DELETE", url: string, body: unknown, sending: Sending) =>
    http.request({ method, url, ...(body === undefined ? {} : { body }), ...sending });
  const parseIssue = (body: unknown) => parseBody(Issue, body, { tracker: "gitlab", what: "issue" });
  const parseNote = (body: unknown) => parseBody(Note, body, { tracker: "gitlab", what: "note" });

  /** The pages of a list, newest first, each with this machine's and the server's time. */
  async function* newest(request: HttpRequest) {
    const first = await http.request({ ...request, query: { ...request.query, per_page: pageSize } });
    for await (const { body, requestedAt, serverTime } of linkedPages(http, first, request.signal)) {
      yield { records: parseBody(AnyList, body, { tracker: "gitlab", what: "newest" }), requestedAt, serverTime };
    }
  }

  return {
    /** The account of the credentials; requested once. */
    async fetchAccount(signal?: AbortSignal): Promise<User> {
      account ??= http
        .request({ url: "/user", signal })
        .then(({ body }) => parseBody(User, body, { tracker: "gitlab", what: "user" }));
      try {
        return await account;
      } catch (error) {
        account = undefined;
        throw error;
      }
    },

    async createIssue(project: string, body: object, signal?: AbortSignal) {
      const response = await send("POST", issuesOf(project), body, { signal });
      return { issue: parseIssue(response.body), requestedAt: response.requestedAt };
    },
    async updateIssue(project: string, iid: string, body: object, signal?: AbortSignal) {
      const response = await send("PUT", `${issuesOf(project)}/${iid}`, body, { signal });
      return { issue: parseIssue(response.body), requestedAt: response.requestedAt };
    },

    /** Throws `not_found` for an issue that is not visible. */
    async fetchIssue(project: string, iid: string, signal?: AbortSignal) {
      return parseIssue((await http.request({ url: `${issuesOf(project)}/${iid}`, signal })).body);
    },

    /** A user's issues in a project, newest first. */
    fetchNewestIssues: (project: string, authorId: number, signal?: AbortSignal) =>
      newest({
        url: issuesOf(project),
        query: { scope: "all", author_id: authorId, order_by: "created_at", sort: "desc", with_labels_details: true },
        signal,
      }),

    /** The notes that people wrote, newest first. */
    fetchNewestNotes: (project: string, iid: string, signal?: AbortSignal) =>
      newest({
        url: `${issuesOf(project)}/${iid}/notes`,
        query: { order_by: "created_at", sort: "desc", activity_filter: "only_comments" },
        signal,
      }),

    async createNote(project: string, iid: string, body: string, signal?: AbortSignal) {
      return parseNote((await send("POST", `${issuesOf(project)}/${iid}/notes`, { body }, { signal })).body);
    },
    /** null if the discussion or the issue is gone. */
    async createReply(project: string, iid: string, discussionId: string, body: string, signal?: AbortSignal) {
      const url = `${issuesOf(project)}/${iid}/discussions/${encodeURIComponent(discussionId)}/notes`;
      const response = await send("POST", url, { body }, { accept: [404], signal });
      return response.status === 404 ? null : parseNote(response.body);
    },
    async updateNote(project: string, iid: string, noteId: string, body: string, signal?: AbortSignal) {
      const url = `${issuesOf(project)}/${iid}/notes/${encodeURIComponent(noteId)}`;
      return parseNote((await send("PUT", url, { body }, { signal })).body);
    },
    /** 404 if it or the issue is gone. */
    deleteNote: (project: string, iid: string, noteId: string, signal?: AbortSignal) =>
      send("DELETE", `${issuesOf(project)}/${iid}/notes/${encodeURIComponent(noteId)}`, undefined, {
        accept: [404],
        signal,
      }),

    /** 409 if the two issues are already linked, by any type. */
    createLink: (project: string, iid: string, body: object, signal?: AbortSignal) =>
      send("POST", `${issuesOf(project)}/${iid}/links`, body, { accept: [409], signal }),
    /** 404 if there is no such link, or it may not be removed. */
    deleteLink: (project: string, iid: string, linkId: string, signal?: AbortSignal) =>
      send("DELETE", `${issuesOf(project)}/${iid}/links/${encodeURIComponent(linkId)}`, undefined, {
        accept: [404],
        signal,
      }),
  };
}
