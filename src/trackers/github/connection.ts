import { PanopticonError, isPanopticonError } from "../../domain/error.ts";
import type { Person } from "../../domain/issue.ts";
import type { HttpClient } from "../http/http-client.ts";
import { fieldOf } from "../http/parse-body.ts";
import type { ReadResult, Source, SourceSchema, TrackerConnection } from "../tracker.ts";
import { createGithubClient, type GithubClient } from "./client.ts";
import { createCrowds } from "../crowds.ts";
import { webHost } from "./http-policy.ts";
import { toComment, toCycle, toIssue, toLabel, toPerson, toSeen, toSourceInfo } from "./map.ts";
import { detectMapping, githubStates } from "./mapping.ts";
import { fetchRelations, historyStart, pullIssues, toSince } from "./pull.ts";
import type { User } from "./schema.ts";
import { walkCrowd, walkIssues, type WalkPage } from "./walk.ts";

export function connectGithub(http: HttpClient): TrackerConnection {
  const client = createGithubClient(http);

  return {
    async verify(signal) {
      const { user, scopes } = await client.fetchUser(signal);
      return {
        id: String(user.id),
        login: user.login,
        name: user.name || user.login,
        scopes,
        missing: missingScopes(scopes, webHost(http.baseUrl)),
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

    describe: (source, overrides, signal) => describe(client, source, overrides, signal),
    pull: (source, request) => pullIssues(client, source, request),

    async *sweep(source, signal) {
      const crowds = createCrowds<"open" | "closed" | "all">([]);
      for (const state of ["open", "closed"] as const) {
        const start = state === "open" ? { since: null, seen: [] } : historyStart(source, client.serverNow());
        for await (const page of walkIssues(client, source.key, { state, start, crowds }, signal)) yield liveOf(page);
      }
      for (let crowd = crowds.takeDisturbed(); crowd !== undefined; crowd = crowds.takeDisturbed()) {
        for await (const page of walkCrowd(client, source.key, crowd, crowds, signal)) yield liveOf(page);
      }
    },

    read: (source, nativeId, key, signal) => read(client, source, nativeId, key, signal),

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
  };
}

async function describe(
  client: GithubClient,
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const repository = await client.fetchRepository(source.key, signal).catch((error: unknown) => {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    throw new PanopticonError(
      "not_found",
      `The repository ${source.key} does not exist, or the token may not see it.`,
      {
        tracker: "github",
        hint: "Check the spelling of github_repo in projects.yaml, and that the token has access to the repository.",
        request: error.request,
      },
    );
  });
  const info = toSourceInfo(repository);
  if (!info.readable) {
    throw new PanopticonError("forbidden", `Issues are switched off in ${info.key}.`, {
      tracker: "github",
      hint: "Switch them on under Settings → General → Features on GitHub, or take the repository out of projects.yaml.",
    });
  }
  const [labels, people, milestones] = await Promise.all([
    client.fetchLabels(source.key, signal),
    findAssignees(client, source, signal),
    client.fetchMilestones(source.key, signal),
  ]);
  const ownLabels = labels.map(toLabel);
  const { mapping, warnings } = detectMapping(ownLabels, overrides);
  return {
    info,
    vocabulary: {
      states: githubStates,
      labels: ownLabels,
      people: people.users.map(toPerson),
      cycles: milestones.map(toCycle),
      priorities: [],
    },
    mapping,
    types: [],
    writable: { allowed: null, reason: null },
    warnings: [...renamed(source, info.key), ...people.warnings, ...warnings],
  };
}

/** Who can be assigned. It is the picker's list alone: people on issues come with the issues, so a refusal is said and stops nothing. */
async function findAssignees(
  client: GithubClient,
  source: Source,
  signal: AbortSignal | undefined,
): Promise<{ readonly users: readonly User[]; readonly warnings: readonly PanopticonError[] }> {
  try {
    return { users: await client.fetchAssignees(source.key, signal), warnings: [] };
  } catch (error) {
    if (!isPanopticonError(error) || (error.code !== "forbidden" && error.code !== "not_found")) throw error;
    const warning = new PanopticonError("forbidden", `GitHub does not tell who can be assigned in ${source.key}.`, {
      tracker: "github",
      hint: "Only people who already have an issue or wrote one are offered.",
      request: error.request,
      cause: error,
    });
    return { users: [], warnings: [warning] };
  }
}

function renamed(source: Source, now: string): PanopticonError[] {
  if (source.key.toLowerCase() === now.toLowerCase()) return [];
  return [
    new PanopticonError("invalid_input", `The repository ${source.key} is called ${now} now.`, {
      tracker: "github",
      hint: `Write "github_repo: ${now}" in projects.yaml; until then GitHub forwards the old name.`,
      candidates: [now],
    }),
  ];
}

/**
 * One issue and its fate. GitHub forwards a transferred issue (301, followed by the HTTP client), answers 410 for a deleted one, and
 * 404 where the credentials may not look. https://docs.github.com/en/rest/issues/issues#get-an-issue
 */
async function read(
  client: GithubClient,
  source: Source,
  nativeId: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  const response = await client.fetchIssue(source.key, numberOf(key), signal).catch((error: unknown) => {
    if (isPanopticonError(error) && error.code === "forbidden") return null;
    throw error;
  });
  if (response === null || response.status === 404) return { kind: "forbidden" };
  if (response.status === 410) {
    // The same status says that the repository's issues are switched off, which says nothing about this one.
    const words = String(fieldOf(response.body, "message"));
    return /disabled/i.test(words) ? { kind: "forbidden" } : { kind: "gone" };
  }
  const issue = client.parseIssue(response);
  const repositoryId = /\/repositories\/(\d+)\//.exec(response.url)?.[1];
  const isElsewhere = repositoryId !== undefined && source.nativeId !== null && repositoryId !== source.nativeId;
  if (isElsewhere || String(issue.id) !== nativeId || `#${issue.number}` !== key) {
    return { kind: "moved", url: issue.html_url };
  }
  const relations = await fetchRelations(client, source, issue, signal);
  return {
    kind: "issue",
    issue: { ...toIssue(issue), relations },
    seen: toSeen([issue]),
    requestedAt: response.requestedAt,
  };
}

function numberOf(key: string): string {
  const number = /^#(\d+)$/.exec(key)?.[1];
  if (number === undefined) {
    throw new PanopticonError("invalid_input", `"${key}" is no issue number.`, { tracker: "github" });
  }
  return number;
}

/** What does not parse is alive all the same. */
function liveOf(page: WalkPage): { nativeId: string; key: string }[] {
  return [
    ...page.issues.map((issue) => ({ nativeId: String(issue.id), key: `#${issue.number}` })),
    ...page.rejected.flatMap(({ nativeId, raw }) => (nativeId === null ? [] : [{ nativeId, key: keyOfRaw(raw) }])),
  ];
}

function keyOfRaw(raw: string): string {
  const number = /"number":(\d+)/.exec(raw)?.[1];
  return number === undefined ? "" : `#${number}`;
}

/** Classic tokens tell their scopes; fine-grained ones do not. https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
function missingScopes(scopes: readonly string[] | null, host: string): string[] {
  if (scopes === null || scopes.includes("repo")) return [];
  const fix = `Give the token the scope \`repo\` at https://${host}/settings/tokens.`;
  return scopes.includes("public_repo")
    ? [`The token has the scope public_repo only: private repositories stay invisible. ${fix}`]
    : [`The token has no scope \`repo\`: private repositories stay invisible, and issues cannot be changed. ${fix}`];
}
