import { Gitlab } from "@gitbeaker/rest";
import { LinearClient } from "@linear/sdk";
import { Octokit } from "@octokit/rest";
import { createCloudClient } from "jira.js";

/** What to list: credentials by environment key, the source's key as in projects.yaml, and the start time (ISO 8601), default everything. */
export type Listing = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly source: string;
  readonly since?: string | undefined;
};

/** Lists a source with what a user would use without Panopticon; returns the number of issues. */
export type Client = { readonly label: string; readonly list: (listing: Listing) => Promise<number> };

/** One client per tracker, used as documented, with Panopticon's page size if the client supports it. */
export const clients: Readonly<Record<string, Client>> = {
  // https://octokit.github.io/rest.js: octokit.paginate over issues.listForRepo; the list contains pull requests.
  github: {
    label: "@octokit/rest",
    async list({ env, source, since }) {
      const octokit = new Octokit({ auth: env["GITHUB_TOKEN"], baseUrl: env["GITHUB_API_URL"] ?? "" });
      const [owner = "", repo = ""] = source.split("/");
      const entries = await octokit.paginate(octokit.rest.issues.listForRepo, {
        owner,
        repo,
        state: "all",
        per_page: 100,
        ...(since === undefined ? {} : { since }),
      });
      return entries.filter((entry) => entry.pull_request === undefined).length;
    },
  },
  // https://github.com/jdalrymple/gitbeaker: Issues.all follows the pages itself.
  gitlab: {
    label: "@gitbeaker/rest",
    async list({ env, source, since }) {
      const api = new Gitlab({ host: env["GITLAB_URL"] ?? "", token: env["GITLAB_TOKEN"] ?? "" });
      const issues = await api.Issues.all({
        projectId: source,
        scope: "all",
        perPage: 100,
        ...(since === undefined ? {} : { updatedAfter: since }),
      });
      return issues.length;
    },
  },
  // https://github.com/MrRefactoring/jira.js: the JQL search, page by token.
  jira: {
    label: "jira.js",
    async list({ env, source, since }) {
      const jira = createCloudClient({
        host: env["JIRA_URL"] ?? "",
        auth: { type: "basic", email: env["JIRA_EMAIL"] ?? "", apiToken: env["JIRA_API_KEY"] ?? "" },
      });
      const after =
        since === undefined ? "" : ` AND updated >= "${since.slice(0, 16).replace("T", " ").replaceAll("-", "/")}"`;
      let found = 0;
      let nextPageToken: string | undefined;
      do {
        const page = await jira.issueSearch.searchAndReconsileIssuesUsingJqlPost({
          jql: `project = ${source}${after} ORDER BY updated ASC`,
          fields: ["*navigable"],
          maxResults: 100,
          ...(nextPageToken === undefined ? {} : { nextPageToken }),
        });
        found += page.issues?.length ?? 0;
        nextPageToken = page.nextPageToken ?? undefined;
      } while (nextPageToken !== undefined);
      return found;
    },
  },
  // https://linear.app/developers/sdk: pages by fetchNext. Its query requests too much of every issue for pages of 250.
  linear: {
    label: "@linear/sdk",
    async list({ env, source, since }) {
      const client = new LinearClient({ apiKey: env["LINEAR_API_KEY"] ?? "", apiUrl: env["LINEAR_API_URL"] ?? "" });
      let page = await client.issues({
        first: 200,
        filter: {
          team: { key: { eq: source } },
          ...(since === undefined ? {} : { updatedAt: { gte: new Date(since) } }),
        },
      });
      while (page.pageInfo.hasNextPage) page = await page.fetchNext();
      return page.nodes.length;
    },
  },
  // Broadcom no longer maintains a client for Node: pages of the Web Services API, as its documentation shows.
  rally: {
    label: "fetch, page by page",
    async list({ env, source, since }) {
      const [workspace = "", project = ""] = source.split("/");
      const after = since === undefined ? "" : `(LastUpdateDate >= ${since})`;
      const results: unknown[] = [];
      for (;;) {
        const query = new URLSearchParams({
          workspace: `/workspace/${workspace}`,
          project: `/project/${project}`,
          projectScopeDown: "true",
          query: after,
          order: "LastUpdateDate,ObjectID",
          fetch: "true",
          pagesize: "2000",
          start: String(results.length + 1),
        });
        const response = await fetch(`${env["RALLY_SERVER"] ?? ""}/slm/webservice/v2.0/artifact?${query.toString()}`, {
          headers: { zsessionid: env["RALLY_API_KEY"] ?? "" },
        });
        if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
        const { QueryResult: found } = (await response.json()) as {
          QueryResult: { Errors: string[]; TotalResultCount: number; Results: unknown[] };
        };
        if (found.Errors.length > 0) throw new Error(found.Errors.join(" "));
        results.push(...found.Results);
        if (results.length >= found.TotalResultCount || found.Results.length === 0) return results.length;
      }
    },
  },
};
