import { setTimeout as sleep } from "node:timers/promises";
import type { OutboxShape } from "../../../src/server/contract/change.ts";
import type { RandomStage } from "./random-stage.ts";

const patienceMs = 90_000;
/** What has not gone by then waits for its time, which no test has. */
const retryAfterMs = 3000;

/** Reads all trackers, and waits until nothing is on its way to them but what needs the user. Gives what did not get there, as sentences. */
export async function settleServer(stage: RandomStage): Promise<readonly string[]> {
  const server = stage.server();
  for (const { tracker } of stage.emulators) await server.ask("POST", `/api/trackers/${tracker}/sync`, {});
  const begun = performance.now();
  for (;;) {
    const { operations } = await server.get<OutboxShape>("/api/outbox");
    const open = operations.filter(({ state }) => state !== "refused" && state !== "conflict");
    const waited = performance.now() - begun;
    if (open.length === 0) return [];
    if (waited > patienceMs) return [`the outbox does not get empty: ${JSON.stringify(open)}`];
    for (const { id, state } of waited > retryAfterMs ? open : []) {
      if (state === "waiting" || state === "unknown") await server.ask("POST", `/api/outbox/${id}/retry`);
    }
    await sleep(300);
  }
}
