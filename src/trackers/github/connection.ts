import { isPanopticonError } from "../../domain/error.ts";
import type { Person } from "../../domain/issue.ts";
import type { HttpClient } from "../http/http-client.ts";
import { fieldOf } from "../http/parse-body.ts";
import type { LiveIssue, ReadResult, Source, TrackerConnection } from "../tracker.ts";
import { createGithubClient, type GithubClient } from "./client.ts";
import { sweepTimedList } from "../timed-list/sweep.ts";
import type { WalkPage } from "../timed-list/timed-list.ts";
import { describeRepository } from "./describe.ts";
import { webAddress } from "./http-policy.ts";
import { numberOf } from "./issue-number.ts";
import { toComment, toIssue, toPerson, toSeen, toSourceInfo } from "./map.ts";
import { createNames, type GithubNames } from "./names.ts";
import { issueListOf, toSince } from "./issue-list.ts";
import { fetchRelations, pullIssues } from "./pull.ts";
import type { Issue } from "./schema.ts";
import { createGithubPulls } from "./pulls.ts";
import { createGithubWebhooks } from "./webhooks.ts";
import { createGithubWriter } from "./write/write.ts";

export function connectGithub(http: HttpClient): TrackerConnection {
  const client = createGithubClient(http);
  const names = createNames(client);

  return {
    async verify(signal) {
      const { user, scopes } = await client.fetchUser(signal);
      return {
        id: String(user.id),
        login: user.login,
        name: user.name || user.login,
        scopes,
        missing: missingScopes(scopes, webAddress(http.baseUrl)),
      };
    },

    async *sources(signal) {
      const seen = new Set<number>();
      for await (const page of client.fetchRepositories(signal)) {
        for (const repository of page) {
          if (seen.has(repository.id)) continue;
          seen.add(repository.id);
          yield toSourceInfo(repository);
        }
      }
    },

    describe: (source, overrides, signal) => describeRepository(client, names, source, overrides, signal),
    pull: (source, request) => pullIssues(client, source, request),

    async *sweep(source, signal) {
      const list = issueListOf(client, source.key);
      for await (const page of sweepTimedList(list, source, client.serverNow(), signal)) yield liveOf(page);
    },

    read: (source, nativeId, key, signal) => read(client, names, { source, nativeId, key, signal }),

    async *comments(source, _nativeId, key, signal) {
      for await (const page of client.fetchComments(source.key, numberOf(key), signal)) {
        const people = new Map<string, Person>();
        for (const { user } of page) if (user) people.set(String(user.id), toPerson(user));
        yield { comments: page.map(toComment), seen: { people: [...people.values()] } };
      }
    },

    openFile: (url, signal) => http.openFile(url, { signal }),

    async countOutside(source, signal) {
      if (source.historyMs === null) return 0;
      const before = toSince(client.serverNow() - source.historyMs);
      return client.countIssues(`repo:${source.key} is:issue is:closed updated:<${before}`, signal);
    },

    webhooks: createGithubWebhooks(http),
    write: createGithubWriter(client, names),
    code: createGithubPulls(client),
  };
}

/**
 * Reads one issue and tells whether it still exists. GitHub redirects a transferred issue (301, followed by the HTTP client), answers 410 for a deleted one,
 * and 404 if the credentials have no access. https://docs.github.com/en/rest/issues/issues#get-an-issue
 */
async function read(
  client: GithubClient,
  names: GithubNames,
  asked: {
    readonly source: Source;
    readonly nativeId: string;
    readonly key: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<ReadResult> {
  const { source, nativeId, key, signal } = asked;
  const response = await client.fetchIssue(source.key, numberOf(key), signal).catch((error: unknown) => {
    if (isPanopticonError(error) && error.code === "forbidden") return null;
    throw error;
  });
  if (response === null || response.status === 404) return { kind: "forbidden" };
  if (response.status === 410) {
    // The same status is used if the repository's issues are disabled, which tells nothing about this one.
    const words = String(fieldOf(response.body, "message"));
    return /disabled/i.test(words) ? { kind: "forbidden" } : { kind: "gone" };
  }
  const issue = client.parseIssue(response);
  const repositoryId = /\/repositories\/(\d+)\//.exec(response.url)?.[1];
  const isElsewhere = repositoryId !== undefined && source.nativeId !== null && repositoryId !== source.nativeId;
  if (isElsewhere || String(issue.id) !== nativeId || `#${issue.number}` !== key) {
    return { kind: "moved", url: issue.html_url };
  }
  const { relations, named } = await fetchRelations(client, source, issue, signal);
  names.learn.issue(issue);
  return {
    kind: "issue",
    issue: { ...toIssue(issue), relations },
    seen: { ...toSeen([issue]), named },
    requestedAt: response.requestedAt,
  };
}

/**
 * The existing issues of a page, with their records: neither added and removed children nor deleted comments change the issue's update time
 * (https://github.com/neomjs/neo/issues/7947 and 10092 there). An unparsable issue exists all the same.
 */
function liveOf(page: WalkPage<Issue>): LiveIssue[] {
  const { requestedAt } = page.answer;
  return [
    ...page.issues.map((issue): LiveIssue => ({
      nativeId: String(issue.id),
      key: `#${issue.number}`,
      found: { kind: "issue", issue: toIssue(issue), seen: toSeen([issue]), requestedAt },
    })),
    ...page.rejected.flatMap(({ nativeId, raw }) => (nativeId === null ? [] : [{ nativeId, key: keyOfRaw(raw) }])),
  ];
}

function keyOfRaw(raw: string): string {
  const number = /"number":(\d+)/.exec(raw)?.[1];
  return number === undefined ? "" : `#${number}`;
}

/** Classic tokens tell their scopes; fine-grained ones do not. https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
function missingScopes(scopes: readonly string[] | null, web: string): string[] {
  if (scopes === null || scopes.includes("repo")) return [];
  const fix = `Give the token the scope \`repo\` at ${web}/settings/tokens.`;
  return scopes.includes("public_repo")
    ? [`The token only has the scope public_repo, so private repositories are not visible. ${fix}`]
    : [
        `The token lacks the scope \`repo\`, so private repositories are not visible and issues cannot be changed. ${fix}`,
      ];
}
