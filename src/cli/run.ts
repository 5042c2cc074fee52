import { Command, CommanderError } from "commander";
import packageFile from "../../package.json" with { type: "json" };
import { namePlaces } from "../config/name-places.ts";
import { resolvePaths } from "../config/paths.ts";
import { systemClock } from "../domain/clock.ts";
import { PanopticonError } from "../domain/error.ts";
import type { CommandEntry } from "./command-entry.ts";
import { commandTable } from "./command-table.ts";
import type { Context } from "./context.ts";
import { createOutput, type Streams } from "./printing/output.ts";
import { printError } from "./printing/print-error.ts";
import { findProxies } from "./proxy-variables.ts";

/** Runs a command line and returns its exit code; errors are printed, never thrown. */
export async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  streams: Streams,
): Promise<number> {
  // The help of a command below another one, which commander's own `help` does not know.
  if (argv[0] === "help" && argv.length > 2) return run([...argv.slice(1), "--help"], env, streams);
  const out = createOutput({ streams, env });
  let exitCode = 0;
  const context: Context = {
    paths: resolvePaths(env),
    env,
    cwd: process.cwd(),
    out,
    clock: systemClock,
    version: packageFile.version,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  const program = createProgram(context);
  const print = (error: unknown) => printError(error, context);
  try {
    if (findProxies(env).length > 0) (await import("./use-proxies.ts")).useProxies(env);
    const named = argv.filter((argument) => !argument.startsWith("-"));
    const wanted = named[0] === "help" ? named[1] : named[0];
    const called = commandTable.find(({ name }) => name === wanted);
    if (called !== undefined) {
      const command = addCommand(program, called, "");
      (await called.load()).define(command, context);
      if (named[0] === "help" || argv.some((word) => word === "--help" || word === "-h")) {
        const { addExamples } = await import("./examples.ts");
        addExamples(command, called.name);
      }
    }
    // Only help and suggestions need the other commands.
    if (called === undefined || called.name !== named[0]) {
      for (const entry of commandTable) if (entry !== called) addCommand(program, entry, entry.arguments);
    }
    if (named[0] === "help" && wanted !== undefined && wanted !== "help" && called === undefined) {
      exitCode = print(
        await unknownCommand(
          wanted,
          commandTable.map(({ name }) => name),
        ),
      );
    } else if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0)
        exitCode = print(
          (await toUnknownCommand(error, program, argv)) ?? toUsageError(error, calledBy(program, argv)),
        );
    } else {
      exitCode = print(error);
    }
  }
  out.status(null);
  return exitCode;
}

function createProgram({ out, version, paths }: Context): Command {
  return (
    new Command("pan")
      .description("One live board over your issue trackers.")
      .version(version, "-V, --version", "print the version")
      .helpOption("-h, --help", "show this help")
      .helpCommand("help [command]", "show help for a command")
      .showHelpAfterError(false)
      .showSuggestionAfterError(true)
      .exitOverride()
      .configureOutput({
        writeOut: (text) => out.line(namePlaces(text.trimEnd(), paths)),
        writeErr: (text) => out.note(text.trimEnd()),
        outputError: () => {},
        getOutHelpWidth: () => Math.min(100, out.width),
      })
      // Narrow terminals, too: cut in the middle of a word, a description is hard to read.
      .configureHelp({ showGlobalOptions: false, minWidthToWrap: 10 })
      .addHelpText(
        "after",
        "\nFiles: ~/.panopticon.env (keys)\n       ~/.panopticon/projects.yaml (what is on the board)\nDEBUG=* (or a tracker's name) logs the requests to the trackers, secrets masked.",
      )
  );
}

/** `shownArguments` is for the list of commands; a command's own module defines its real ones. */
function addCommand(program: Command, { name, summary }: CommandEntry, shownArguments: string): Command {
  const description = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return program.command(`${name} ${shownArguments}`.trim()).summary(summary).description(description);
}

/** Turns the "too many arguments" of `pan project ad` into an unknown command; null for any other error. */
async function toUnknownCommand(
  error: CommanderError,
  program: Command,
  argv: readonly string[],
): Promise<PanopticonError | null> {
  if (error.code !== "commander.excessArguments") return null;
  const [name, word] = argv.filter((argument) => !argument.startsWith("-"));
  const called = program.commands.find((command) => command.name() === name);
  const known = called
    ?.createHelp()
    .visibleCommands(called)
    .map((command) => command.name());
  if (word === undefined || known === undefined || known.length === 0 || known.includes(word)) return null;
  return unknownCommand(word, known, `${name} `, error);
}

/** `before`: the parent command with a trailing space. */
async function unknownCommand(
  word: string,
  known: readonly string[],
  before = "",
  cause?: unknown,
): Promise<PanopticonError> {
  const { nearestWord } = await import("../domain/nearest-word.ts");
  const nearest = nearestWord(word, known);
  return new PanopticonError("invalid_input", `Unknown command '${before}${word}'.`, {
    hint: nearest === undefined ? `Available: ${known.join(", ")}.` : `Did you mean ${nearest}?`,
    cause,
  });
}

/** The command that was called, such as `pan outbox retry`, as far as it exists; null for none. */
function calledBy(program: Command, argv: readonly string[]): string | null {
  let command = program;
  for (const word of argv.filter((argument) => !argument.startsWith("-"))) {
    const below = command.commands.find((one) => one.name() === word);
    if (below === undefined) break;
    command = below;
  }
  if (command === program) return null;
  const above = command.parent === null || command.parent === program ? "" : `${command.parent.name()} `;
  return `pan ${above}${command.name()}`;
}

/** Turns `error: unknown option '--jso'\n(Did you mean --json?)` into a sentence and a hint. `called`: the command whose help to suggest. */
function toUsageError(error: CommanderError, called: string | null): PanopticonError {
  const [first = "", ...rest] = error.message
    .replace(/^error: /, "")
    .replace(/^command-argument value '(.*)' is invalid for argument '(.*?)'/s, "Argument '$2' cannot be '$1'")
    .split("\n");
  const suggestion = rest
    .join(" ")
    .replace(/^\(|\)$/g, "")
    .trim();
  return new PanopticonError("invalid_input", `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.$/, "")}.`, {
    hint:
      suggestion ||
      (called === null ? "List the commands with pan --help." : `Show its options with ${called} --help.`),
    cause: error,
  });
}
