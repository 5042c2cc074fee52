import type { Agent } from "../../domain/agent.ts";
import { isPanopticonError, toPanopticonError } from "../../domain/error.ts";

/** Starts of agents that go on after their callers have their answer. */
export type RunsUnderWay = {
  /** Keeps one, and gives it back. */
  follow(running: Promise<Agent>): Promise<Agent>;
  /** Resolves when all are over, however they ended. */
  settled(): Promise<void>;
};

export function createRunsUnderWay(): RunsUnderWay {
  const runs = new Set<Promise<unknown>>();
  return {
    follow(running) {
      runs.add(running);
      const forget = () => runs.delete(running);
      // Whoever does not wait for it finds the failure with the agent.
      running.then(forget, (error: unknown) => {
        forget();
        if (!isPanopticonError(error)) process.emitWarning(toPanopticonError(error));
      });
      return running;
    },
    async settled() {
      await Promise.allSettled(runs);
    },
  };
}
