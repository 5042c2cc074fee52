import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { isLiving } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { AgentShape } from "../../server/contract/work.ts";
import type { Context } from "../context.ts";
import { describeAgo, shortAge } from "../printing/describe-time.ts";
import type { Style } from "../printing/output.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";
import { readInput } from "../editing/read-text.ts";
import { printTable } from "../printing/table.ts";
import { pickAgent } from "./pick-work.ts";
import { openWorking } from "./open-working.ts";
import { showMaking } from "./show-making.ts";
import type { Working } from "./working.ts";

type StartOptions = {
  readonly agent?: string;
  readonly plan?: boolean;
  readonly prompt?: string;
  readonly json?: boolean;
};

const pollMs = 250;
const styles: Readonly<Record<AgentShape["state"], Style>> = {
  starting: "cyan",
  running: "cyan",
  waiting: "yellow",
  finished: "green",
  failed: "red",
  stopped: "dim",
  lost: "red",
};

/** Defines `pan agent start|list|attach|send|stop|resume|logs`. */
export function defineAgentCommands(command: Command, context: Context): void {
  const { out } = context;
  const which = "the issue, or the agent's number";
  command
    .command("start")
    .summary("start a coding agent on an issue")
    .description("Starts a coding agent on an issue, in its workspace, which is created if there is none.")
    .argument("<ref>", "the issue")
    .option("--agent <name>", "claude, codex, gemini, opencode, or one of config.yaml; default: the project's")
    .option("--plan", "ask for a plan in STATE.md instead of code")
    .option("--prompt <text>", "additional instructions; - reads them from standard input")
    .option("--json", "as JSON: the agent")
    .action(async (ref: string, { agent: name, plan = false, prompt = "", json }: StartOptions) => {
      const text = prompt === "-" ? await readInput() : prompt;
      await withWorking(context, async (working) => {
        const starting = working.startAgent({ ref, agent: name, prompt: text, plan });
        const agent = await showMaking(context, working, ref, starting);
        if (json) out.json(agent);
        else
          out.line(
            `${agent.name} is at work on ${plainLine(agent.ref)} (agent ${agent.id}); pan agent attach ${agent.id} shows it.`,
          );
      });
    });
  command
    .command("list")
    .summary("list the agents")
    .description("Lists the agents: the active ones, then those that ended last.")
    .option("--all", "include those that ended long ago")
    .option("--json", "as JSON: {agents, total, cursor}, all of them")
    .action(({ all = false, json }: { all?: boolean; json?: boolean }) =>
      withWorking(context, async (working) => {
        const listed = await working.agents();
        if (json) out.json(listed);
        else printAgents(context, listed.agents, all);
      }),
    );
  command
    .command("attach")
    .summary("show an agent's terminal in this one")
    .description("Shows an agent's terminal in this one, to watch and to type. Ctrl-b d detaches; the agent continues.")
    .argument("<agent>", which)
    .action(async (written: string) => {
      const { command: line, env } = await using(context, async (working) =>
        working.attach((await find(working, written)).id),
      );
      await runInTerminal(context, line, env);
    });
  command
    .command("send")
    .summary("type a message to an agent")
    .description(
      "Types a message into an agent's terminal and presses Enter. If the agent asks to choose, the message is one of its answers: a number, yes, no, or the words of an option.",
    )
    .argument("<agent>", which)
    .argument("<text...>", "the message; - reads it from standard input")
    .action(async (written: string, words: readonly string[]) => {
      const text = words.join(" ") === "-" ? (await readInput()).trimEnd() : words.join(" ");
      await withWorking(context, async (working) => {
        const agent = await working.message((await find(working, written)).id, text);
        out.line(`Sent to ${agent.name} on ${plainLine(agent.ref)}.`);
      });
    });
  command
    .command("stop")
    .summary("end an agent")
    .description("Stops an agent; its workspace stays.")
    .argument("<agent>", which)
    .action((written: string) =>
      withWorking(context, async (working) => {
        const agent = await working.stopAgent((await find(working, written)).id);
        out.line(`${agent.name} on ${plainLine(agent.ref)}: ${agent.state}.`);
      }),
    );
  command
    .command("resume")
    .summary("start an agent again where it was")
    .description("Starts an agent again in its workspace; it continues where it stopped, as far as its program can.")
    .argument("<agent>", which)
    .option("--prompt <text>", "instructions for this time; - reads them from standard input")
    .action(async (written: string, { prompt }: { prompt?: string }) => {
      const text = prompt === "-" ? await readInput() : prompt;
      await withWorking(context, async (working) => {
        const agent = await working.resumeAgent((await find(working, written)).id, text);
        out.line(`${agent.name} is at work on ${plainLine(agent.ref)} again (agent ${agent.id}).`);
      });
    });
  command
    .command("logs")
    .summary("what an agent wrote")
    .description("Prints an agent's output, without terminal control sequences.")
    .argument("<agent>", which)
    .option("--follow", "continue until it ends")
    .option("--raw", "unchanged, including colours")
    .action((written: string, { follow = false, raw = false }: { follow?: boolean; raw?: boolean }) =>
      withWorking(context, async (working) => {
        const { id } = await find(working, written);
        for (let from = 0; ;) {
          const { text, start, end } = await working.agentLog(id, from);
          if (start > from)
            out.note(`${Math.ceil((start - from) / 1e6)} MB that it wrote before this are no longer kept.`);
          if (text !== "") process.stdout.write(raw ? text : plainText(text));
          if (end !== from) from = end;
          else if (!follow || !isLiving((await find(working, id)).state)) return;
          else await sleep(pollMs);
        }
      }),
    );
}

async function find(working: Working, written: string): Promise<AgentShape> {
  return pickAgent((await working.agents()).agents, written);
}

async function using<T>(context: Context, work: (working: Working) => Promise<T>): Promise<T> {
  const working = await openWorking(context);
  try {
    return await work(working);
  } finally {
    await working.close();
  }
}

const withWorking = (context: Context, work: (working: Working) => Promise<void>): Promise<void> =>
  using(context, work);

/** Runs a program in the user's own terminal, so its output is trusted. The program reports its own errors; we pass its exit code on. */
function runInTerminal(
  context: Context,
  line: readonly string[],
  own: Readonly<Record<string, string>>,
): Promise<void> {
  const [program = "tmux", ...args] = line;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: "inherit",
      env: { ...own, TERM: context.env["TERM"] ?? "xterm-256color" },
    });
    child.once("error", (cause) =>
      reject(
        new PanopticonError("not_found", "tmux could not be started.", { hint: "pan doctor looks for it.", cause }),
      ),
    );
    child.once("exit", (code) => {
      context.setExitCode(code ?? 1);
      resolve();
    });
  });
}

/** Without `--all`: running agents, and up to this many ended ones. */
const maxEnded = 20;

function printAgents({ out, clock }: Context, known: readonly AgentShape[], all: boolean): void {
  const living = known.filter(({ state }) => isLiving(state)).length;
  const agents = all ? known : known.slice(0, living + maxEnded);
  if (agents.length === 0) {
    out.note("There are no agents; pan agent start REF starts one.");
    return;
  }
  const now = clock.now();
  printTable(
    out,
    [
      { title: "ID", align: "right" },
      { title: "REF" },
      { title: "AGENT" },
      { title: "STATE" },
      { title: "FOR", align: "right" },
      { title: "LAST LINE", shrink: 1, least: 16 },
    ],
    agents.map((agent) => [
      { text: agent.id, style: "dim" },
      { text: plainLine(agent.ref) },
      { text: agent.plan ? `${agent.name} (plan)` : agent.name },
      { text: agent.state, style: styles[agent.state] },
      { text: out.isTerminal ? shortAge(agent.since, now) : describeAgo(agent.since, now) },
      { text: plainLine(agent.reason ?? agent.lastLine ?? ""), style: "dim" },
    ]),
  );
  const left = known.length - agents.length;
  if (left > 0) out.note(`${left} more ended before these: --all lists them.`);
}
