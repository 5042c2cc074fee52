import { Option, type Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { readInput } from "../editing/read-text.ts";
import { messageIn } from "./hook-message.ts";

type SignalOptions = { readonly message?: string; readonly cost?: string; readonly tokens?: string };

/** An agent's own report of its state. Written to a file, so no server needs to run; a running one reads it promptly. */
export function defineAgentSignal(command: Command, { env, clock }: Context): void {
  command
    .summary("for agents: say that it waits, works again, or is done")
    .description("Reports, from inside an agent, that it waits for input, works again, or is done.")
    .argument("<signal>", "running, waiting or done")
    .argument("[payload]", "JSON that a program's hook adds; - reads it from standard input")
    .option("--message <text>", "what it asks")
    .option("--cost <dollars>", "what it has cost so far, in US dollars")
    .option("--tokens <number>", "what it has used so far")
    .action(async (signal: string, payload: string | undefined, options: SignalOptions) => {
      const folder = env["PANOPTICON_AGENT_DIR"];
      if (folder === undefined) {
        throw new PanopticonError("invalid_input", "This is not an agent's terminal.", {
          hint: "pan agent signal is for the agents that pan agent start starts.",
        });
      }
      if (signal !== "running" && signal !== "waiting" && signal !== "done") {
        throw new PanopticonError("invalid_input", `There is no signal “${signal}”.`, {
          hint: "Available: running, waiting, done.",
        });
      }
      const { agentFiles } = await import("../../work/agents/agent-files.ts");
      agentFiles(folder).signal({
        signal,
        at: clock.now(),
        message: options.message ?? messageIn(payload === "-" ? await readInput() : payload),
        cost: numberOf(options.cost),
        tokens: numberOf(options.tokens),
      });
    });
}

function numberOf(text: string | undefined): number | null {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

/** The scripted agent, which needs no model; used by the demo and the tests. */
export function defineAgentScripted(command: Command, { env, setExitCode }: Context): void {
  command
    .addOption(new Option("--resume").hideHelp())
    .argument("<prompt>")
    .action(async (prompt: string) => {
      const { runScriptedAgent } = await import("../../../emulators/agent/scripted-agent.ts");
      setExitCode(await runScriptedAgent(prompt, env));
    });
}
