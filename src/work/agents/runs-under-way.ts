import type { Agent } from "../../domain/agent.ts";
import { isPanopticonError, PanopticonError, toPanopticonError } from "../../domain/error.ts";

/** Starts of agents that continue after the response. */
export type RunsUnderWay = {
  /** Starts a run that ends early with its signal's reason. */
  begin(agentId: number, run: (signal: AbortSignal) => Promise<Agent>): Promise<Agent>;
  /** Aborts an agent's start, if it is in progress. */
  breakOff(agentId: number, reason: string): void;
  /** Aborts all of them; resolves when they have ended. */
  stop(reason: string): Promise<void>;
};

export function createRunsUnderWay(): RunsUnderWay {
  const runs = new Map<number, { readonly breaking: AbortController; readonly running: Promise<Agent> }>();
  const broken = (reason: string) => new PanopticonError("conflict", reason);
  return {
    begin(agentId, run) {
      const breaking = new AbortController();
      const running = run(breaking.signal);
      const entry = { breaking, running };
      runs.set(agentId, entry);
      const forget = () => {
        if (runs.get(agentId) === entry) runs.delete(agentId);
      };
      // The failure is also recorded with the agent, for callers that do not wait.
      running.then(forget, (error: unknown) => {
        forget();
        if (!isPanopticonError(error)) process.emitWarning(toPanopticonError(error));
      });
      return running;
    },
    breakOff: (agentId, reason) => runs.get(agentId)?.breaking.abort(broken(reason)),
    async stop(reason) {
      const all = [...runs.values()];
      for (const { breaking } of all) breaking.abort(broken(reason));
      await Promise.allSettled(all.map(({ running }) => running));
    },
  };
}
