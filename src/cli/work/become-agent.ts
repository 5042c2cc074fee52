import { execAgent } from "../../work/agents/exec-agent.ts";
import type { Stream } from "../output.ts";

/**
 * `pan agent exec FOLDER`, which tmux runs: the process becomes the agent, before anything else of the program is loaded, since somebody waits for it. Comes back only with the
 * exit code of a failure, which is written where the agent's terminal shows it.
 */
export function becomeAgent(folder: string, env: Readonly<Record<string, string | undefined>>, stderr: Stream): number {
  try {
    execAgent(folder, env);
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
