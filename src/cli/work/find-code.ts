import type { Config } from "../../config/config.ts";
import { systemClock } from "../../domain/clock.ts";
import { isPanopticonError } from "../../domain/error.ts";
import { parseGitRemote } from "../../domain/git-remote.ts";
import type { Store } from "../../store/store.ts";
import type { SyncEngine } from "../../sync/sync-engine.ts";
import type { CodeHostDefinition, TrackerDefinition } from "../../trackers/tracker.ts";
import type { CodePlace, CodePorts } from "../../work/requests/code-place.ts";

export type FindCodeOptions = {
  readonly store: Store;
  readonly sync: SyncEngine;
  readonly trackers: readonly TrackerDefinition[];
  readonly config: () => Config;
};

type Candidate = { readonly connection: string; readonly repository: string; readonly codeHost: CodeHostDefinition };

/** Finds the connection whose server hosts a remote: the project's own sources first, then the other connections. */
export function createFindCode(options: FindCodeOptions): CodePorts {
  const { trackers, config } = options;
  return {
    codeHosts: trackers.filter(({ codeHost }) => codeHost !== undefined).map(({ label }) => label),
    findCode(addresses, projectId) {
      const { projects, connections } = config();
      const sources = projects.find(({ id }) => id === projectId)?.sources ?? [];
      const candidates = addresses.flatMap((address) => {
        const remote = parseGitRemote(address);
        if (remote === null) return [];
        return connections.flatMap((connection): Candidate[] => {
          const tracker = trackers.find(({ id }) => id === connection.tracker);
          if (tracker?.codeHost === undefined) return [];
          const { codeHost } = tracker;
          return tracker.sourceKeys.flatMap(({ fromRemote }) => {
            const repository = fromRemote?.(remote, connection.values["server"] ?? "");
            return repository ? [{ connection: connection.id, repository, codeHost }] : [];
          });
        });
      });
      const isOwn = ({ connection, repository }: Candidate) =>
        sources.some((one) => one.connection === connection && one.key.toLowerCase() === repository.toLowerCase());
      const isKnown = ({ connection }: Candidate) => sources.some((one) => one.connection === connection);
      const found = candidates.find(isOwn) ?? candidates.find(isKnown) ?? candidates[0];
      return found === undefined ? null : toPlace(options, found);
    },
  };
}

function toPlace({ store, sync }: FindCodeOptions, { connection, repository, codeHost }: Candidate): CodePlace {
  return {
    id: `${connection} ${repository}`,
    repository,
    requestNoun: codeHost.requestNoun,
    maxTitle: codeHost.maxTitle,
    host: () => sync.codeHost(connection).host,
    toLocal: (hostMs) => Math.min(systemClock.now(), hostMs - sync.codeHost(connection).serverAheadMs()),
    async linkWords(issueId) {
      try {
        const issue = await store.board.detail(issueId);
        const { config } = await store.sources.get(issue.sourceId);
        return config.connection === connection
          ? codeHost.closingWords({ sourceKey: config.key, key: issue.key })
          : `Issue: [${issue.ref}](${issue.url})`;
      } catch (error) {
        if (isPanopticonError(error) && error.code === "not_found") return "";
        throw error;
      }
    },
  };
}
