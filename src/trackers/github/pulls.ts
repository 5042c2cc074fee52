import type { CodeHost, FoundRequest } from "../../domain/code-host.ts";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { type GithubClient, pageSize } from "./client.ts";
import { webAddress } from "./http-policy.ts";
import { findRights } from "./rights.ts";
import { Pull } from "./schema.ts";

/** GitHub's pull requests. https://docs.github.com/en/rest/pulls/pulls */
export function createGithubPulls(client: GithubClient): CodeHost {
  return {
    async checkRights(repository, signal) {
      const { repository: found, scopes } = await client.fetchRepository(repository, signal);
      const { allowed, reason } = findRights(found, scopes, webAddress(client.baseUrl));
      if (allowed === false) throw new PanopticonError("forbidden", reason ?? "", { tracker: "github" });
      if (found.permissions && !found.permissions.push) {
        throw new PanopticonError("forbidden", `You do not have permission to push to ${found.full_name}.`, {
          tracker: "github",
          hint: "Ask for the Write role.",
        });
      }
    },

    async openRequest(repository, { branch, base, title, body, draft }, signal) {
      const response = await client
        .send(repository, "POST", "/pulls", { body: { head: branch, base, title, body, draft }, signal })
        .catch((error: unknown) => {
          throw toOpenError(error);
        });
      return toRequest(client.parse(Pull, response, "pull request"));
    },

    async requestsOf(repository, branch, signal) {
      const [owner = ""] = repository.split("/");
      const head = `${owner}:${branch}`;
      const query = { head, state: "all", sort: "created", direction: "desc", per_page: pageSize } as const;
      const { response } = await client.fetchPulls(repository, query, null, signal);
      return readOwn(client.parse(Pull.array(), response, "pull requests")).filter((one) => one.branch === branch);
    },

    async newestRequests(repository, etag, signal) {
      const query = { state: "all", sort: "updated", direction: "desc", per_page: pageSize } as const;
      const { response, next } = await client.fetchPulls(repository, query, etag, signal);
      if (response.status === 304) return null;
      const pulls = client.parse(Pull.array(), response, "pull requests");
      return {
        etag: response.headers.get("etag"),
        requests: readOwn(pulls),
        isAll: next === null,
        oldest: pulls.at(-1)?.updated_at ?? null,
      };
    },
  };
}

/** Leaves out requests from forks, because another repository's branch may have the same name. */
function readOwn(pulls: readonly Pull[]): readonly FoundRequest[] {
  return pulls.filter(({ head, base }) => head.repo != null && head.repo.id === base.repo.id).map(toRequest);
}

function toRequest(pull: Pull): FoundRequest {
  const mergedAt = pull.merged_at ?? null;
  return {
    url: pull.html_url,
    name: `#${pull.number}`,
    number: pull.number,
    state: mergedAt !== null ? "merged" : pull.state,
    commit: pull.head.sha,
    branch: pull.head.ref,
    openedAt: pull.created_at,
    updatedAt: pull.updated_at,
    mergedAt,
  };
}

/** Explains a refusal to open a pull request. */
function toOpenError(error: unknown): unknown {
  if (!isPanopticonError(error)) return error;
  const details = { tracker: "github", request: error.request, cause: error };
  if (error.code === "forbidden") {
    return new PanopticonError("forbidden", error.message, {
      ...details,
      hint: "A classic token needs the scope `repo`, a fine-grained one needs Pull requests: read and write in this repository.",
    });
  }
  if (error.code === "invalid_input" && /already exists/i.test(error.message)) {
    return new PanopticonError("conflict", error.message, details);
  }
  return error;
}
