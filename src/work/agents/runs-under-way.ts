import type { Agent } from "../../domain/agent.ts";
import { isPanopticonError, PanopticonError, toPanopticonError } from "../../domain/error.ts";

/** Starts of agents that go on after their callers have their answer. */
export type RunsUnderWay = {
  /** Begins one, which ends early with its signal's reason. */
  begin(agentId: number, run: (signal: AbortSignal) => Promise<Agent>): Promise<Agent>;
  /** Ends an agent's start, if that is under way. */
  breakOff(agentId: number, reason: string): void;
  /** Ends all of them; resolves when they are over. */
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
      // Whoever does not wait for it finds the failure with the agent.
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
