import { setTimeout as sleep } from "node:timers/promises";
import type { OutboxShape } from "../../../src/server/contract/change.ts";
import type { TrackersShape } from "../../../src/server/contract/tracker.ts";
import { isSynced } from "../../support/stage.ts";
import type { RandomStage } from "./random-stage.ts";

const patienceMs = 90_000;
/** What is still pending by then waits for a retry that no test has time for. */
const retryAfterMs = 3000;

/** Syncs all trackers and waits until nothing is pending except what needs the user. Returns what did not settle, as sentences. */
export async function settleServer(stage: RandomStage): Promise<readonly string[]> {
  const server = stage.server();
  for (const { tracker } of stage.emulators) await server.ask("POST", `/api/trackers/${tracker}/sync`, {});
  const begun = performance.now();
  for (;;) {
    const { operations } = await server.get<OutboxShape>("/api/outbox");
    const open = operations.filter(({ state }) => state !== "refused" && state !== "conflict");
    const waited = performance.now() - begun;
    const shape = await server.get<TrackersShape>("/api/trackers");
    if (open.length === 0 && isSynced(shape)) return [];
    if (waited > patienceMs) {
      return open.length > 0
        ? [`the outbox does not get empty: ${JSON.stringify(open)}`]
        : [`not all is synced: ${JSON.stringify(shape)}`];
    }
    for (const { id, state } of waited > retryAfterMs ? open : []) {
      if (state === "waiting" || state === "unknown") await server.ask("POST", `/api/outbox/${id}/retry`);
    }
    await sleep(300);
  }
}
