import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Cycle, Person } from "../../domain/issue.ts";
import type { HttpClient } from "../http/http-client.ts";
import type { ReadResult, Source, SourceSchema, TrackerConnection } from "../tracker.ts";
import { createJiraClient, type JiraClient, type Site } from "./client.ts";
import { conditionsOf, insideOf } from "./jql.ts";
import {
  fieldsOf,
  toCategorized,
  toComment,
  toCycle,
  toIssue,
  toLabel,
  toPerson,
  toSeen,
  toSourceInfo,
} from "./map.ts";
import { detectMapping, toStates } from "./mapping.ts";
import { inProject, projectNotFound } from "./project.ts";
import { historyStart, pullIssues } from "./pull.ts";
import type { User } from "./schema.ts";
import { refuseRepeated, toEntry } from "./walk.ts";

export function connectJira(http: HttpClient): TrackerConnection {
  const client = createJiraClient(http);

  return {
    async verify(signal) {
      try {
        await client.getSite(signal);
        const { id, login, name } = toPerson(await client.fetchMyself(signal));
        // Jira does not tell what a token may do; what it may not is said when it is tried.
        return { id, login, name, scopes: null, missing: [] };
      } catch (error) {
        throw await explainRefusal(client, error, signal);
      }
    },

    async *sources(signal) {
      const site = await client.getSite(signal);
      for await (const page of client.fetchProjects(signal)) {
        for (const project of page) yield toSourceInfo(project, site);
      }
    },

    describe: (source, overrides, signal) => describe(client, source, overrides, signal),
    pull: (source, request) => pullIssues(client, source, request),
    sweep: (source, signal) => inProject(client, source, sweep(client, source, signal), signal),
    read: (source, nativeId, _key, signal) => read(client, source, nativeId, signal),

    async *comments(_source, nativeId, _key, signal) {
      for await (const page of client.fetchComments(nativeId, signal)) {
        const people = new Map<string, Person>();
        for (const { author } of page) if (author) people.set(toPerson(author).id, toPerson(author));
        yield { comments: page.map(toComment), seen: { people: [...people.values()] } };
      }
    },

    async countOutside(source, signal) {
      if (source.historyMs === null) return 0;
      // Asked first: the server's time is known after it at the latest.
      await client.getSite(signal);
      const before = historyStart(source, client.serverNow());
      return client.count(conditionsOf(source, { category: "done", before }), signal);
    },

    async openFile(url, signal) {
      return http.openFile(throughApi(url, http.baseUrl, await client.getSite(signal)), { signal });
    },
  };
}

/** The site's own address of an attachment as the one where these credentials count: with a scoped token that is the gateway. */
function throughApi(url: string, baseUrl: string, { webUrl, api }: Site): string {
  if (!url.startsWith(`${webUrl}/`) || url.startsWith(`${baseUrl}/`)) return url;
  const id = /^\/rest\/api\/[23]\/attachment\/content\/(\d+)$/.exec(url.slice(webUrl.length))?.[1];
  return id === undefined ? url : `${baseUrl}${api}/attachment/content/${id}`;
}

/** A token with scopes is refused by the site and taken by the gateway only, which is another server: the user has to name it. */
async function explainRefusal(client: JiraClient, error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  if (!isPanopticonError(error) || error.code !== "auth") return error;
  if (new URL(client.baseUrl).pathname.startsWith("/ex/jira/")) return error;
  const cloudId = await client.findCloudId(signal);
  if (cloudId === null) return error;
  return new PanopticonError("auth", error.message, {
    tracker: error.tracker,
    request: error.request,
    hint: `${error.hint ?? ""} A token with scopes is taken at another address: set JIRA_URL=https://api.atlassian.com/ex/jira/${cloudId}.`.trim(),
    cause: error,
  });
}

async function describe(
  client: JiraClient,
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const site = await client.getSite(signal);
  const project = await client.findProject(source.nativeId ?? source.key, signal);
  if (project === null) throw projectNotFound(source);
  const [statuses, priorities, resolutions, labelNames, people, cycles] = await Promise.all([
    client.fetchStatuses(project.id, signal),
    client.fetchPriorities(signal),
    client.fetchResolutions(signal),
    site.isCloud ? client.fetchAllLabels(signal) : recentLabels(client, project.id, signal),
    findAssignable(client, project.key, signal),
    findSprints(client, project.key, signal),
    // A field that was made since is read from now on.
    client.getCustomFields(signal, true),
  ]);
  const unique = new Map(statuses.map((status) => [status.id, toCategorized(status)]));
  const states = toStates([...unique.values()], resolutions);
  const labels = [...new Set(labelNames)].sort().map(toLabel);
  const { mapping, warnings } = detectMapping({ states, resolutions, priorities, labels }, overrides);
  return {
    info: toSourceInfo(project, site),
    vocabulary: { states, labels, people: people.users.map(toPerson), cycles: cycles.cycles, priorities },
    mapping,
    warnings: [...renamed(source, project.key), ...people.warnings, ...cycles.warnings, ...warnings],
  };
}

/** Data Center has no list of labels: those of the issues changed last. */
async function recentLabels(client: JiraClient, projectId: string, signal: AbortSignal | undefined): Promise<string[]> {
  const jql = `${conditionsOf({ key: "", nativeId: projectId }, {})} AND labels IS NOT EMPTY ORDER BY updated DESC`;
  const { records } = await client.search({ jql, fields: ["labels"], maxResults: 1_000 }, signal);
  return records.flatMap((raw) => {
    const { fields } = raw as { fields?: { labels?: unknown } };
    const labels = fields?.labels;
    return Array.isArray(labels) ? labels.filter((label) => typeof label === "string") : [];
  });
}

/** Who can be assigned. It is the picker's list alone: people on issues come with the issues, so a refusal is said and stops nothing. */
async function findAssignable(
  client: JiraClient,
  projectKey: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly users: readonly User[]; readonly warnings: readonly PanopticonError[] }> {
  try {
    return { users: await client.fetchAssignable(projectKey, signal), warnings: [] };
  } catch (error) {
    if (!isPanopticonError(error) || (error.code !== "forbidden" && error.code !== "not_found")) throw error;
    const warning = new PanopticonError("forbidden", `Jira does not tell who can be assigned in ${projectKey}.`, {
      tracker: "jira",
      hint: "Give the account the permission to browse users, or the token the scope read:jira-user; until then only people on issues are offered.",
      request: error.request,
      cause: error,
    });
    return { users: [], warnings: [warning] };
  }
}

/** Coming sprints. A Jira without Jira Software has no boards (404); a token without the right for them is told. */
async function findSprints(
  client: JiraClient,
  projectKey: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly cycles: readonly Cycle[]; readonly warnings: readonly PanopticonError[] }> {
  try {
    return { cycles: (await client.fetchSprints(projectKey, signal)).map(toCycle), warnings: [] };
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    if (error.code === "not_found") return { cycles: [], warnings: [] };
    if (error.code !== "forbidden" && error.code !== "auth" && error.code !== "invalid_input") throw error;
    const warning = new PanopticonError("forbidden", `Jira does not tell the sprints of ${projectKey}.`, {
      tracker: "jira",
      hint: "Give the token the scopes read:board-scope:jira-software and read:sprint:jira-software; until then only sprints of issues are known.",
      request: error.request,
      cause: error,
    });
    return { cycles: [], warnings: [warning] };
  }
}

function renamed(source: Source, now: string): PanopticonError[] {
  if (source.key.toLowerCase() === now.toLowerCase()) return [];
  return [
    new PanopticonError("invalid_input", `The project ${source.key} has the key ${now} now.`, {
      tracker: "jira",
      hint: `Write "jira_project: ${now}" in projects.yaml; until then Jira understands the old key.`,
      candidates: [now],
    }),
  ];
}

async function* sweep(
  client: JiraClient,
  source: Source,
  signal: AbortSignal,
): AsyncGenerator<{ nativeId: string; key: string }[], void, undefined> {
  const { isCloud } = await client.getSite(signal);
  const maxResults = await client.idPageSize(signal);
  const since = historyStart(source, client.serverNow());
  const given = new Set<string>();
  let token: string | null = null;
  let afterKey: string | null = null;
  for (;;) {
    const jql = `${insideOf(source, since, isCloud ? null : afterKey)} ORDER BY key ASC`;
    const page: Awaited<ReturnType<JiraClient["search"]>> = await client.search(
      { jql, fields: ["id"], maxResults, token },
      signal,
    );
    refuseRepeated(given, page.token);
    const entries = page.records.map(toEntry);
    yield entries.flatMap(({ id, key }) => (id === null ? [] : [{ nativeId: id, key }]));
    if (!page.more) return;
    token = page.token;
    const last: string | undefined = entries.at(-1)?.key;
    if (token === null && (last === undefined || last === afterKey)) return;
    afterKey = last ?? afterKey;
  }
}

/**
 * One issue and its fate. It keeps its id when it moves to another project. Jira answers the same for what is deleted and what may not be seen, so
 * the project is asked: with a readable one an absent issue is gone.
 */
async function read(
  client: JiraClient,
  source: Source,
  nativeId: string,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  const reading = { site: await client.getSite(signal), custom: await client.getCustomFields(signal) };
  const response = await client.fetchIssue(nativeId, fieldsOf(reading.custom), signal).catch((error: unknown) => {
    if (isPanopticonError(error) && error.code === "forbidden") return null;
    throw error;
  });
  if (response === null) return { kind: "forbidden" };
  if (response.status === 404) {
    const project = await client.findProject(source.nativeId ?? source.key, signal);
    return { kind: project === null ? "forbidden" : "gone" };
  }
  const issue = client.parseIssue(response);
  const { project } = issue.fields;
  const isElsewhere =
    source.nativeId === null
      ? project.key.toLowerCase() !== source.key.toLowerCase() &&
        (await client.findProject(source.key, signal))?.id !== project.id
      : project.id !== source.nativeId;
  if (isElsewhere) return { kind: "moved", url: `${reading.site.webUrl}/browse/${issue.key}` };
  return {
    kind: "issue",
    issue: toIssue(issue, reading),
    seen: toSeen([issue], reading),
    requestedAt: response.requestedAt,
  };
}
