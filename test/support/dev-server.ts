/**
 * A server for developing the dashboard: real routes and a real store with made-up issues, but no trackers. `node test/support/dev-server.ts [--port 3011]
 * [--issues 150]` prints the sign-in address. An issue changes every few seconds.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fillStore, inventedComments, inventedIssue, putIssues } from "./invented-issues.ts";
import { startServerHarness } from "./server-harness.ts";

const { values } = parseArgs({
  options: { port: { type: "string", default: "3011" }, issues: { type: "string", default: "150" } },
});
const harness = await startServerHarness({
  port: Number(values.port),
  webRoot: join(import.meta.dirname, "../../dist/web"),
  async prepare(filled) {
    await fillStore(filled, Number(values.issues), Date.now());
    for (const connection of ["alpha", "beta"]) {
      await filled.sources.saveAccount(connection, { id: "p1", login: "ada", name: "Ada Byron" });
    }
  },
});
const { store, sync, server } = harness;

sync.statuses = (["alpha", "beta"] as const).map((connection) => ({
  connection,
  tracker: connection,
  server: `https://${connection}.example`,
  health: "ok",
  account: { id: "p1", login: "ada", name: "Ada Byron", scopes: null, missing: [] },
  budget: { limit: 5000, remaining: 4321, resetAt: Date.now() + 1_800_000 },
  requests: 12,
  lastSyncAt: Date.now(),
  nextSyncAt: Date.now() + 30_000,
  error: null,
  progress: null,
}));
sync.answers.refreshIssue = async (id) => {
  const changed = await store.comments.replace(id, inventedComments(4), {}, Date.now());
  sync.emit({ type: "change", sequence: changed.sequence, refs: changed.refs });
};

let round = 0;
async function changeSomething(): Promise<void> {
  round += 1;
  const sources = await store.sources.list();
  const source = sources[round % sources.length];
  if (source === undefined) return;
  const number = 1 + ((round * 7) % Number(values.issues));
  const stateId = ["s-backlog", "s-progress", "s-review", "s-done"][round % 4] ?? "s-backlog";
  const now = Date.now();
  const changed = await putIssues(store, source, [inventedIssue(source, number, { stateId, updatedAt: now })], now);
  sync.emit({ type: "change", sequence: changed.sequence, refs: changed.refs });
}
const timer = setInterval(() => void changeSomething(), 5000);

console.log(server.address());

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    clearInterval(timer);
    void harness.close();
  });
}
