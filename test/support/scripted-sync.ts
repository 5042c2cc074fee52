import { PanopticonError } from "../../src/domain/error.ts";
import type { ConnectionStatus, SyncEngine, SyncEvent } from "../../src/sync/sync-engine.ts";

/** A fake sync engine: tests script its answers and inspect its calls. */
export type ScriptedSync = SyncEngine & {
  emit(event: SyncEvent): void;
  statuses: ConnectionStatus[];
  /** The current watchers: `board`, `issue 7`. */
  readonly watching: Set<string>;
  answers: {
    syncNow: SyncEngine["syncNow"];
    refreshIssue: SyncEngine["refreshIssue"];
    openFile: SyncEngine["openFile"];
    codeHost: SyncEngine["codeHost"];
    listSources: SyncEngine["listSources"];
    verify: SyncEngine["verify"];
    moveChoices: SyncEngine["moveChoices"];
    createState: SyncEngine["createState"];
    findByKey: SyncEngine["findByKey"];
  };
};

export function createScriptedSync(): ScriptedSync {
  const listeners = new Set<(event: SyncEvent) => void>();
  const watching = new Set<string>();
  const sync: ScriptedSync = {
    statuses: [],
    watching,
    answers: {
      syncNow: async () => ({ changed: 0, removed: 0, requests: 0, failures: [] }),
      refreshIssue: async () => undefined,
      openFile: () => Promise.reject(new PanopticonError("not_found", "There is no such file.")),
      codeHost: () => {
        throw new PanopticonError("unsupported", "This tracker does not host code.");
      },
      listSources: async () => [],
      verify: async () => ({ id: "p1", login: "ada", name: "Ada", scopes: null, missing: [] }),
      moveChoices: async () => null,
      createState: async () => undefined,
      findByKey: async () => false,
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    configure: async () => undefined,
    start: () => undefined,
    stop: async () => undefined,
    status: () => sync.statuses,
    syncNow: (which) => sync.answers.syncNow(which),
    refreshIssue: (id, signal) => sync.answers.refreshIssue(id, signal),
    openFile: (connection, url, signal) => sync.answers.openFile(connection, url, signal),
    codeHost: (connection) => sync.answers.codeHost(connection),
    listSources: (connection, signal) => sync.answers.listSources(connection, signal),
    verify: (connection, signal) => sync.answers.verify(connection, signal),
    moveChoices: (id, stateIds, patienceMs) => sync.answers.moveChoices(id, stateIds, patienceMs),
    createState: (id, name, category, signal) => sync.answers.createState(id, name, category, signal),
    findByKey: (tracker, key, patienceMs) => sync.answers.findByKey(tracker, key, patienceMs),
    changed({ change }) {
      if (change.refs.length > 0) sync.emit({ type: "change", sequence: change.sequence, refs: change.refs });
    },
    deliver: async () => undefined,
    hear: async (_connection, hints) => hints.length,
    watch(what) {
      const name = "board" in what ? "board" : `issue ${what.issueId}`;
      watching.add(name);
      return () => watching.delete(name);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return sync;
}
