import type { HttpClient } from "../http/http-client.ts";
import type { TrackerConnection } from "../tracker.ts";
import { createLinearClient, type LinearClient, nextCursor } from "./client.ts";
import { describeTeam } from "./describe.ts";
import { toComment } from "./map.ts";
import { finishedTypes } from "./mapping.ts";
import { findRights } from "./rights.ts";
import { pullIssues } from "./pull.ts";
import { readIssue } from "./read-issue.ts";
import { requireTeam, teamFilter } from "./team.ts";
import { createLinearWebhooks } from "./webhooks.ts";
import { createLinearWriter } from "./write/write.ts";
import { createLinearWriteClient } from "./write/write-client.ts";

export function connectLinear(http: HttpClient): TrackerConnection {
  const client = createLinearClient(http);
  const write = createLinearWriteClient(http);

  return {
    async verify(signal) {
      const { viewer, organization } = await client.fetchViewer(signal);
      const { reason } = await findRights(write, signal);
      return {
        id: viewer.id,
        login: viewer.displayName || viewer.name,
        name: viewer.name,
        // Linear does not tell scopes; `describe` tests whether the key may write.
        scopes: null,
        missing: [
          ...(viewer.guest
            ? [`You are a guest in ${organization.name}: you only see the teams you were invited to.`]
            : []),
          ...(reason === null ? [] : [reason]),
        ],
      };
    },

    async *sources(signal) {
      for await (const page of client.fetchTeams(signal)) {
        for (const team of page) {
          yield { id: team.id, key: team.key, name: team.name, url: null, readable: true, reason: null };
        }
      }
    },

    describe: (source, overrides, signal) =>
      describeTeam({ read: client, write, server: http.baseUrl }, source, overrides, signal),
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

    read: (source, nativeId, _key, signal) => readIssue(client, http.baseUrl, source, nativeId, signal),
    openFile: (url, signal) => http.openFile(url, { signal }),

    async *comments(_source, nativeId, _key, signal) {
      for await (const page of client.fetchComments(nativeId, signal)) {
        const found = page.map(toComment);
        const people = new Map(found.flatMap(({ author }) => (author === null ? [] : [[author.id, author]])));
        yield { comments: found.map(({ comment }) => comment), seen: { people: [...people.values()] } };
      }
    },

    countOutside: async (source) => (source.historyMs === null ? 0 : null),
    webhooks: createLinearWebhooks(http),
    write: createLinearWriter(http, client, write),
  };
}
