import { parentPort } from "node:worker_threads";
import type { Asked, Ended } from "./simulation.ts";
import { simulateSync } from "./sync-simulation.ts";
import { simulateWrites } from "./write-simulation.ts";

// The code of `startSimulationThread`'s thread.

const kinds = { sync: simulateSync, writes: simulateWrites };

const answer = (failure: Error | null) => parentPort?.postMessage({ failure } satisfies Ended);

parentPort?.on("message", ({ kind, simulation }: Asked) => {
  kinds[kind](simulation).then(
    () => answer(null),
    (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
  );
});
