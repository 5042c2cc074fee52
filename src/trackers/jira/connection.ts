import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Person } from "../../domain/issue.ts";
import type { HttpClient } from "../http/http-client.ts";
import type { ReadResult, Source, TrackerConnection } from "../tracker.ts";
import { throughApi } from "./attachment-address.ts";
import { createJiraClient, type JiraClient } from "./client.ts";
import { describe } from "./describe.ts";
import { conditionsOf, insideOf } from "./jql.ts";
import { fieldsOf, type Reading, toComment, toIssue, toPerson, toSeen, toSourceInfo } from "./map.ts";
import { createPeople } from "./people.ts";
import { createProjectForms } from "./project-forms.ts";
import { inProject } from "./project.ts";
import { historyStart, pullIssues } from "./pull.ts";
import { IssueAddressOf } from "./schema.ts";
import { isRefusedQuery, refuseRepeated, toEntry } from "./walk.ts";
import { createJiraWriter } from "./write/write.ts";

export function connectJira(http: HttpClient): TrackerConnection {
  const client = createJiraClient(http);
  const known = { forms: createProjectForms(client), people: createPeople(client) };

  return {
    async verify(signal) {
      try {
        await client.getSite(signal);
        const { id, login, name } = toPerson(await client.fetchMyself(signal));
        // Jira does not tell what a token may do; a refused write shows it.
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

    describe: (source, overrides, signal) => describe(client, known, source, overrides, signal),
    pull: (source, request) => pullIssues(client, source, request),

    async recall(writes) {
      // Ensures that the server's time is known.
      await client.getSite();
      for (const { nativeId, updatedAt } of writes) client.ownWrites.remember(nativeId, updatedAt);
    },

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
      // Called first, to ensure that the server's time is known.
      await client.getSite(signal);
      const before = historyStart(source, client.serverNow());
      return client.count(conditionsOf(source, { category: "done", before }), signal);
    },

    /** For a moved issue's old key, Jira returns the issue with its new key. */
    async findByKey(key, signal) {
      const response = await client.fetchIssue(key, ["project"], signal).catch((error: unknown) => {
        if (isPanopticonError(error) && error.code === "forbidden") return null;
        throw error;
      });
      if (response === null || response.status === 404) return null;
      const { id, key: present, fields } = client.parse(IssueAddressOf, response, "issue");
      return { nativeId: id, key: present, sourceId: fields.project.id };
    },

    write: createJiraWriter(client, known),

    async openFile(url, signal) {
      return http.openFile(throughApi(url, http.baseUrl, await client.getSite(signal)), { signal });
    },
  };
}

/** A token with scopes is refused by the site and accepted only by the gateway, which is another server: the user has to configure it. */
async function explainRefusal(client: JiraClient, error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  if (!isPanopticonError(error) || error.code !== "auth") return error;
  if (new URL(client.baseUrl).pathname.startsWith("/ex/jira/")) return error;
  const cloudId = await client.findCloudId(signal);
  if (cloudId === null) return error;
  return new PanopticonError("auth", error.message, {
    tracker: error.tracker,
    request: error.request,
    hint: `${error.hint ?? ""} A token with scopes needs a different address: set JIRA_URL=https://api.atlassian.com/ex/jira/${cloudId}.`.trim(),
    cause: error,
  });
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
  let reconcile: readonly number[] = [];
  let afterKey: string | null = null;
  for (;;) {
    const jql = `${insideOf(source, since, isCloud ? null : afterKey)} ORDER BY key ASC`;
    if (token === null) reconcile = client.ownWrites.recent();
    // `id` would omit the key. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
    const request = { jql, fields: ["key"], maxResults, token, reconcile };
    let page: Awaited<ReturnType<JiraClient["search"]>>;
    try {
      page = await client.search(request, signal);
    } catch (error) {
      if (afterKey === null || !isRefusedQuery(error)) throw error;
      afterKey = null;
      continue;
    }
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
 * Reads one issue and tells whether it still exists. It keeps its id when it moves to another project. Jira answers the same for deleted and for invisible
 * issues, so the project is requested: if it is readable, an absent issue is gone.
 */
async function read(
  client: JiraClient,
  source: Source,
  nativeId: string,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  const reading: Reading = {
    server: client.baseUrl,
    site: await client.getSite(signal),
    custom: await client.getCustomFields(signal),
  };
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
  client.ownWrites.sawFresh(issue.id, issue.fields.updated);
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
