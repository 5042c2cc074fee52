import type { Command } from "commander";
import type { Context } from "../context.ts";
import { defineAgentCommands } from "../work/agent-commands.ts";
import { defineAgentScripted, defineAgentSignal } from "../work/agent-side.ts";

export function define(command: Command, context: Context): void {
  command.action(() => command.outputHelp());
  defineAgentCommands(command, context);
  defineAgentSignal(command.command("signal"), context);
  defineAgentScripted(command.command("scripted", { hidden: true }), context);
}
