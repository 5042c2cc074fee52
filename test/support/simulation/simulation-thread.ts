import { Worker } from "node:worker_threads";
import type { Asked, Ended, Simulation } from "./simulation.ts";

/**
 * A thread that runs simulations, one at a time: the test runner follows every promise of its own thread, which takes a sixth of the time where there are millions.
 */
export function startSimulationThread() {
  const worker = new Worker(new URL("simulation-worker.ts", import.meta.url));
  return {
    /** Rejects with what fast-check reports. */
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
