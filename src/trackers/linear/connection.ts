import type { Person } from "../../domain/issue.ts";
import type { HttpClient } from "../http/http-client.ts";
import { findFileHost } from "../http/open-file.ts";
import { parseBody } from "../http/parse-body.ts";
import { findLinkedFiles } from "../linked-files.ts";
import type { ReadResult, Source, SourceSchema, TrackerConnection } from "../tracker.ts";
import { createLinearClient, type LinearClient, nextCursor } from "./client.ts";
import { linearHttp } from "./http-policy.ts";
import { toAttachment, toComment, toCycle, toIssue, toLabel, toPerson, toRelations, toSeen, toState } from "./map.ts";
import { detectMapping, finishedTypes, toPriority } from "./mapping.ts";
import { idOf, pullIssues } from "./pull.ts";
import { allRelations } from "./queries.ts";
import { IssueWithTeam } from "./schema.ts";
import { requireTeam, teamFilter, teamNotFound } from "./team.ts";

export function connectLinear(http: HttpClient): TrackerConnection {
  const client = createLinearClient(http);

  return {
    async verify(signal) {
      const { viewer, organization } = await client.fetchViewer(signal);
      return {
        id: viewer.id,
        login: viewer.displayName || viewer.name,
        name: viewer.name,
        // Linear does not tell what a key may do; what it may not is said when it is tried.
        scopes: null,
        missing: viewer.guest
          ? [`You are a guest in ${organization.name}: only the teams you were invited to are visible.`]
          : [],
      };
    },

    async *sources(signal) {
      for await (const page of client.fetchTeams(signal)) {
        for (const team of page) {
          yield { id: team.id, key: team.key, name: team.name, url: null, readable: true, reason: null };
        }
      }
    },

    describe: (source, overrides, signal) => describe(client, source, overrides, signal),
    pull: (source, request) => pullIssues(client, source, request),

    async *sweep(source, signal) {
      const team = teamFilter(source);
      const inside =
        source.historyMs === null
          ? {}
          : {
              or: [
                { state: { type: { nin: finishedTypes } } },
                { updatedAt: { gte: new Date(client.serverNow() - source.historyMs).toISOString() } },
              ],
            };
      let after: string | null = null;
      do {
        const { data }: Awaited<ReturnType<LinearClient["fetchIds"]>> = await client.fetchIds(
          { team, filter: { team, ...inside }, after },
          signal,
        );
        requireTeam(data, source);
        yield data.issues.nodes
          .filter((issue) => !issue.trashed)
          .map((issue) => ({ nativeId: issue.id, key: issue.identifier }));
        after = nextCursor(data.issues.pageInfo, after);
      } while (after !== null);
    },

    read: (source, nativeId, _key, signal) => read(client, http.baseUrl, source, nativeId, signal),
    openFile: (url, signal) => http.openFile(url, { signal }),

    async *comments(_source, nativeId, _key, signal) {
      for await (const page of client.fetchComments(nativeId, signal)) {
        const people = new Map<string, Person>();
        for (const { user } of page) if (user) people.set(user.id, toPerson(user));
        yield { comments: page.map(toComment), seen: { people: [...people.values()] } };
      }
    },

    countOutside: async (source) => (source.historyMs === null ? 0 : null),
  };
}

async function describe(
  client: LinearClient,
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const team = await client.findTeam(teamFilter(source), signal);
  if (team === undefined) throw teamNotFound(source);
  const ancestors = [team.parent?.id, team.parent?.parent?.id].filter((id) => id !== undefined);
  const labels = (await client.fetchLabels([team.id, ...ancestors], signal)).map(toLabel);
  const states = team.states
    .map(toState)
    .sort((a, b) => rank(a.category) - rank(b.category) || a.position - b.position);
  const { mapping, warnings } = detectMapping(states, labels, overrides);
  return {
    info: {
      id: team.id,
      key: team.key,
      name: team.name,
      url: `https://linear.app/${team.urlKey}/team/${team.key}`,
      readable: true,
      reason: null,
    },
    vocabulary: {
      states,
      labels,
      people: team.members.map(toPerson),
      cycles: team.cycles.map(toCycle),
      priorities: team.priorities.map(toPriority),
    },
    mapping,
    types: [],
    writable: { allowed: null, reason: null },
    warnings,
  };
}

/** Linear orders states by type first, then by position inside it. */
const typeOrder = ["triage", "backlog", "unstarted", "started", "completed", "canceled", "duplicate"];

function rank(type: string): number {
  const index = typeOrder.indexOf(type);
  return index < 0 ? typeOrder.length : index;
}

/**
 * One issue and its fate. Linear answers the same for what is deleted and what may not be seen, so the team is asked for with it:
 * with a readable team an absent issue is gone.
 */
async function read(
  client: LinearClient,
  server: string,
  source: Source,
  nativeId: string,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  const { data, requestedAt } = await client.fetchIssue(
    { team: teamFilter(source), filter: { id: { eq: nativeId } } },
    signal,
  );
  const team = idOf(data.teams.nodes[0]);
  const raw = data.issues.nodes[0];
  if (raw === undefined) return { kind: team === null ? "forbidden" : "gone" };
  const issue = parseBody(IssueWithTeam, raw, { tracker: "linear", what: "Issue" });
  if (issue.trashed) return { kind: "gone" };
  if (issue.team.id !== team) return { kind: "moved", url: issue.url };
  const { relations, inverseRelations } = issue;
  const isCut = relations.nodes.length >= allRelations || inverseRelations.nodes.length >= allRelations;
  const uploads = findLinkedFiles(
    issue.description ?? "",
    (url) => findFileHost(linearHttp.fileHosts({ server }), url)?.login === true,
  );
  const listed = new Map([...uploads, ...issue.attachments.nodes.map(toAttachment)].map((file) => [file.url, file]));
  return {
    kind: "issue",
    // More relations than that are no picture any more; the mirror keeps what the list gave.
    issue: { ...toIssue(issue), relations: isCut ? null : toRelations(issue), attachments: [...listed.values()] },
    seen: toSeen([issue]),
    requestedAt,
  };
}
