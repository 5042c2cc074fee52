import { Argument, type Command } from "commander";
import type { CommandEntry } from "../command-entry.ts";
import { shells, scripts, type Shell } from "../completion/scripts.ts";
import type { Context } from "../context.ts";
import { plainLine } from "../../domain/plain-text.ts";

/** The command that completes the given commands and their arguments. */
export function completionOf(commands: readonly CommandEntry[]) {
  return { define: (command: Command, context: Context) => define(command, context, commands) };
}

function define(command: Command, context: Context, commands: readonly CommandEntry[]): void {
  command
    .addArgument(new Argument("<shell>", "the shell to print the script for").choices(shells))
    .addHelpText(
      "after",
      '\nbash: eval "$(pan completion bash)" in ~/.bashrc\nzsh:  source <(pan completion zsh) in ~/.zshrc, after compinit\nfish: pan completion fish > ~/.config/fish/completions/pan.fish',
    )
    .action((shell: Shell) => context.out.piece(scripts[shell]));
  command
    .command("words", { hidden: true })
    .description("Prints possible completions; called by the completion scripts.")
    .argument("[words...]", "the words after pan, the last one unfinished")
    .action(async (words: string[]) => {
      const { complete } = await import("../completion/complete.ts");
      for (const { value, description } of await complete(context, words, commands)) {
        context.out.line(description === "" ? value : `${value}\t${plainLine(description)}`);
      }
    });
}
