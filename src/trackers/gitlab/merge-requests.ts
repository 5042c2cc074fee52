import type { CodeHost, FoundRequest } from "../../domain/code-host.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { HttpClient, HttpResponse } from "../http/http-client.ts";
import { nextLink } from "../http/next-link.ts";
import { parseBody } from "../http/parse-body.ts";
import { type GitlabClient, pageSize } from "./client.ts";
import { findRights } from "./rights.ts";
import { MergeRequest } from "./schema.ts";

/** Developers can push branches and open merge requests. https://docs.gitlab.com/user/permissions/#merge-requests */
const developer = 30;

/** GitLab's merge requests. https://docs.gitlab.com/api/merge_requests/ */
export function createGitlabMergeRequests(http: HttpClient, client: GitlabClient): CodeHost {
  const listOf = (project: string) => `/projects/${encodeURIComponent(project)}/merge_requests`;
  const parseList = ({ body }: HttpResponse) =>
    parseBody(MergeRequest.array(), body, { tracker: "gitlab", what: "merge requests" });

  return {
    async checkRights(repository, signal) {
      const [project, scopes] = await Promise.all([
        client.fetchProject(repository, signal),
        client.fetchScopes(signal),
      ]);
      const { allowed, reason } = findRights(project, scopes, client.web);
      if (allowed === false) throw new PanopticonError("forbidden", reason ?? "", { tracker: "gitlab" });
      const { project_access: own, group_access: group } = project.permissions ?? {};
      const role = Math.max(own?.access_level ?? 0, group?.access_level ?? 0);
      // Without a role the permissions are unknown: administrators have none.
      if (role > 0 && role < developer) {
        throw new PanopticonError("forbidden", `You may not push to ${project.path_with_namespace}.`, {
          tracker: "gitlab",
          hint: "Ask for the Developer role in it.",
        });
      }
    },

    async openRequest(repository, { branch, base, title, body, draft }, signal) {
      const response = await http.request({
        method: "POST",
        url: listOf(repository),
        body: {
          source_branch: branch,
          target_branch: base,
          title: draft ? `Draft: ${title}` : title,
          description: body,
        },
        signal,
      });
      return toRequest(parseBody(MergeRequest, response.body, { tracker: "gitlab", what: "merge request" }));
    },

    async requestsOf(repository, branch, signal) {
      const response = await http.request({
        url: listOf(repository),
        query: { source_branch: branch, state: "all", order_by: "created_at", sort: "desc", per_page: pageSize },
        signal,
      });
      return readOwn(parseList(response));
    },

    async newestRequests(repository, etag, signal) {
      const response = await http.request({
        url: listOf(repository),
        query: { state: "all", order_by: "updated_at", sort: "desc", per_page: pageSize },
        headers: etag === null ? {} : { "if-none-match": etag },
        signal,
      });
      if (response.status === 304) return null;
      const found = parseList(response);
      return {
        etag: response.headers.get("etag"),
        requests: readOwn(found),
        isAll: nextLink(response.headers, http.baseUrl) === null,
        oldest: found.at(-1)?.updated_at ?? null,
      };
    },
  };
}

/** Leaves out requests from forks. */
function readOwn(found: readonly MergeRequest[]): readonly FoundRequest[] {
  return found.filter((one) => one.source_project_id === one.target_project_id).map(toRequest);
}

function toRequest(one: MergeRequest): FoundRequest {
  return {
    url: one.web_url,
    name: `!${one.iid}`,
    number: one.iid,
    state: one.state === "merged" ? "merged" : one.state === "closed" ? "closed" : "open",
    commit: one.sha ?? null,
    branch: one.source_branch,
    openedAt: one.created_at,
    updatedAt: one.updated_at,
    mergedAt: one.merged_at ?? null,
  };
}
