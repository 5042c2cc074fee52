import { Worker } from "node:worker_threads";
import type { Asked, Ended, Simulation } from "./simulation.ts";

/** A thread that runs simulations, one at a time: in its own thread, the test runner tracks every promise, which takes a sixth of the time when there are millions. */
export function startSimulationThread() {
  const worker = new Worker(new URL("simulation-worker.ts", import.meta.url));
  return {
    /** Rejects with fast-check's report. */
    run: (kind: Asked["kind"], simulation: Simulation): Promise<void> =>
      new Promise((resolve, reject) => {
        worker.once("error", reject);
        worker.once("message", ({ failure }: Ended) => {
          worker.off("error", reject);
          if (failure === null) resolve();
          else reject(failure);
        });
        worker.postMessage({ kind, simulation } satisfies Asked);
      }),
    close: () => worker.terminate(),
  };
}
