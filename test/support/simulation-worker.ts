import { parentPort } from "node:worker_threads";
import type { Simulation } from "./simulation-thread.ts";
import { simulateSync } from "./sync-simulation.ts";
import { simulateWrites } from "./write-simulation.ts";

// What the thread of `startSimulationThread` runs.

const kinds = { sync: simulateSync, writes: simulateWrites };

export type Asked = { readonly kind: keyof typeof kinds; readonly simulation: Simulation };
/** null: it held. */
export type Ended = { readonly failure: Error | null };

const answer = (failure: Error | null) => parentPort?.postMessage({ failure } satisfies Ended);

parentPort?.on("message", ({ kind, simulation }: Asked) => {
  kinds[kind](simulation).then(
    () => answer(null),
    (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
  );
});
