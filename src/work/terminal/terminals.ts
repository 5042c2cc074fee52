import { isPanopticonError } from "../../domain/error.ts";
import type { Clock } from "../../domain/clock.ts";
import type { Agents } from "../agents/agents.ts";
import type { Tmux } from "../tmux/tmux.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { openTerminal, type Terminal, type TerminalView } from "./terminal.ts";
import type { Size, ViewerOutput } from "./viewer.ts";

/** The live terminals of agents. */
export type Terminals = {
  /** Shows an agent's terminal to another viewer. For an ended agent, shows its last content and its end, and returns null. Throws `not_found`. */
  join(agentId: number, output: ViewerOutput, size: Size): Promise<TerminalView | null>;
  /** Tells the viewers that nothing more follows; the sessions continue. */
  close(): void;
};

export function createTerminals({
  agents,
  tmux,
  clock,
}: {
  readonly agents: Pick<Agents, "get" | "attachCommand" | "screen">;
  readonly tmux: Pick<Tmux, "paste" | "list">;
  readonly clock: Clock;
}): Terminals {
  /** By session. */
  const open = new Map<string, Terminal>();
  return {
    async join(agentId, output, size) {
      const { session } = await agents.get(agentId);
      let terminal = open.get(session);
      if (terminal === undefined) {
        const attach = await agents.attachCommand(agentId, "control").catch((error: unknown) => {
          if (isPanopticonError(error) && error.code === "conflict") return null;
          throw error;
        });
        if (attach === null) {
          const screen = await agents.screen(agentId);
          output.reset(size.columns, size.rows);
          output.write(Buffer.from(withoutEnd(screen).replaceAll("\n", "\r\n")));
          output.end(true);
          return null;
        }
        terminal = open.get(session) ?? start(session, attach);
      }
      return terminal.join(output, size);
    },
    close() {
      for (const terminal of open.values()) terminal.close();
    },
  };

  function start(session: string, attach: Awaited<ReturnType<Agents["attachCommand"]>>): Terminal {
    const terminal = openTerminal({
      clock,
      attach,
      session,
      paste: (text) => tmux.paste(session, text),
      isOver: async () => !(await tmux.list()).some(({ name }) => name === session),
      closed: () => {
        if (open.get(session) === terminal) open.delete(session);
      },
    });
    open.set(session, terminal);
    return terminal;
  }
}

/** Without empty rows at the end, and without tmux's message about an ended program. */
function withoutEnd(screen: string): string {
  const lines = screen.split("\n");
  const last = lines.findLastIndex((line) => !/^(?:Pane is dead.*)?$/.test(plainLine(line)));
  return lines.slice(0, last + 1).join("\n");
}
