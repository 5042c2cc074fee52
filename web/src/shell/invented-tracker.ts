import type { TrackerShape } from "../../../src/server/contract/tracker.ts";

/** A healthy connection for tests. */
export function inventedTracker(changes: Partial<TrackerShape> = {}): TrackerShape {
  return {
    id: "one",
    label: "One",
    connection: "one",
    sourceNoun: { one: "repository", many: "repositories" },
    sourceKeys: [
      { key: "one_repo", label: "Repository", plural: "Repositories", placeholder: "acme/app", qualifier: null },
    ],
    server: "https://one.example",
    health: "ok",
    account: { login: "ada", name: "Ada", scopes: null, missing: [] },
    budget: null,
    requests: 0,
    lastSyncAt: "2026-11-22T12:00:00.000Z",
    nextSyncAt: "2026-11-22T12:00:30.000Z",
    error: null,
    warnings: [],
    progress: null,
    fileHosts: [],
    webhooks: {
      address: null,
      state: "off",
      deliveries: 0,
      repeated: 0,
      lastDeliveryAt: null,
      refused: 0,
      lastRefusal: null,
    },
    capabilities: {},
    writing: {
      assignees: "many",
      relations: [],
      comments: { edit: true, delete: true, reply: false },
      type: false,
      newLabels: true,
      choices: false,
      newStates: false,
    },
    credentials: [],
    sources: [{ id: "s", name: "acme/app", project: "app", issues: 3, rejected: 0, lastSyncAt: null, error: null }],
    ...changes,
  };
}
