import type { Command } from "commander";
import { Option } from "commander";
import { createConfigReader } from "../../config/read-config.ts";
import type { Actor } from "../../domain/operation.ts";
import { agentReaches, type AgentReach } from "../../domain/work-settings.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Context } from "../context.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { openReading } from "../reading/open-reading.ts";

type Options = { readonly reach?: AgentReach };

/** Client names that the history accepts. */
const named = /^[\w.:@/+ -]{1,48}$/;

export function define(command: Command, context: Context): void {
  command
    .description(
      "Serves the Model Context Protocol on standard input and output: tools with which a coding agent searches, reads, comments, moves, edits, creates and relates issues.",
    )
    .addOption(
      new Option(
        "--reach <which>",
        "which issues it may read and change: linked (its own and those linked to it), project or all; default: mcp: { reach: … } in config.yaml",
      ).choices(agentReaches),
    )
    .action(async ({ reach }: Options) => {
      const [{ StdioServerTransport }, { createMcpServer }, { openDesk }] = await Promise.all([
        import("@modelcontextprotocol/sdk/server/stdio.js"),
        import("../../mcp/create-mcp-server.ts"),
        import("../mcp/open-desk.ts"),
      ]);
      const agentId = readAgentId(context);
      const agentName = agentId === null ? null : await readAgentName(context, agentId);
      const desk = openDesk(context, {
        agentId,
        reach: reach === undefined ? await followReach(context) : () => Promise.resolve(reach),
        actor: (): Actor => ({ kind: "agent", name: agentName ?? clientName() }),
      });
      const server = createMcpServer(
        context.version,
        desk,
        trackers.map(({ label }) => label),
      );
      /** Outside an agent, the MCP client is the actor in the history. */
      const clientName = () => {
        const name = server.server.getClientVersion()?.name ?? "";
        return named.test(name) ? name : "mcp";
      };
      // The protocol has no answer to a line that it cannot read; a client shows what its server says here.
      server.server.onerror = ({ message }) => {
        const cause = message.startsWith("[") ? "it is JSON, but no message of the protocol." : message;
        context.out.note(`A line on standard input was ignored: ${plainLine(cause).slice(0, 200)}`);
      };
      const closed = new Promise<void>((resolve) => {
        server.server.onclose = resolve;
        process.stdin.once("end", resolve);
        process.once("SIGTERM", resolve);
        process.once("SIGINT", resolve);
      });
      await server.connect(new StdioServerTransport());
      await closed;
      await server.close();
    });
}

/** Returns a function that reads the reach from the current config.yaml; while the file is invalid, the last valid value applies. Does not look up trackers' keys. */
async function followReach({ paths, env, cwd }: Context): Promise<() => Promise<AgentReach>> {
  const read = createConfigReader({ paths, env, cwd, trackers, runCommand: null });
  await read();
  return async () => (await read()).mcp.reach;
}

/** The id of the agent that runs this process; null: not run by an agent. */
function readAgentId({ env }: Context): number | null {
  const id = Number(env["PANOPTICON_AGENT"]);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

async function readAgentName(context: Context, id: number): Promise<string> {
  const reading = await openReading(context, { sync: false });
  try {
    return (await reading.agent(id)).name;
  } finally {
    await reading.close();
  }
}
