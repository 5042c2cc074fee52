import { homedir } from "node:os";
import type { Command } from "commander";
import { checkDataDirectory } from "../../config/data-directory.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { count } from "../printing/describe-time.ts";
import { Cancelled } from "../init/answers.ts";
import { flagAnswers } from "../init/flag-answers.ts";
import { planSetup } from "../init/plan-setup.ts";
import { writeSetup } from "../init/write-setup.ts";
import type { Setup } from "../init/setup.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { serve, showRunning } from "../server/serve.ts";
import { addSourceFlags, nameASource, readSourceFlags } from "../options/source-flags.ts";

type Options = {
  readonly yes?: boolean;
  readonly keep: boolean;
  readonly start?: boolean;
  readonly open: boolean;
  readonly name?: string;
  readonly id?: string;
} & Readonly<Record<string, unknown>>;

export function define(command: Command, context: Context): void {
  command
    .description(
      "Finds logins of gh and glab and keys in the environment, tests each, lets you choose what is on the board, and writes ~/.panopticon.env and ~/.panopticon/projects.yaml. Until the last answer nothing is written.",
    )
    .option("-y, --yes", "ask nothing: take the checkout's repository, or else everything the credentials can see")
    .option("--id <id>", "the project's id in projects.yaml; default: made from the name")
    .option("--name <name>", "what the board calls the project")
    .option("--no-keep", "do not copy keys from the environment to ~/.panopticon.env")
    .option("--start", "start the server at the end, without a question")
    .option("--no-open", "do not open a browser");
  addSourceFlags(command);
  command.action((options: Options) => runInit(context, options));
}

async function runInit(context: Context, options: Options): Promise<void> {
  const { out, paths, setExitCode } = context;
  const sources = readSourceFlags(options);
  const isNamed = Object.keys(sources).length > 0;
  const asks = !options.yes && !isNamed;
  if (asks && !(process.stdin.isTTY && out.isTerminal)) {
    throw new PanopticonError("invalid_input", "There is no terminal to ask questions at.", {
      hint: `pan init --yes asks nothing. ${nameASource("pan init")}`,
    });
  }
  // Check before asking questions whose answers could not be written.
  checkDataDirectory(paths.home);
  const answers = asks
    ? (await import("../init/terminal-answers.ts")).terminalAnswers(paths)
    : flagAnswers(out, { keep: options.keep, start: options.start ?? false });
  let setup: Setup;
  let start: boolean;
  try {
    setup = await planSetup(context, answers, {
      sources,
      name: options.name,
      id: options.id,
      another: isNamed || asks,
    });
    start = options.start ?? (await answers.start());
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    out.note("Nothing was written.");
    setExitCode(130);
    return;
  }
  await writeSetup(context, setup);
  for (const line of written(context, setup)) out.line(line);
  if (!start) {
    out.line(`Start the server with ${out.style("bold", "pan up")}; it opens the board.`);
    return;
  }
  if (await showRunning(context, paths.serverFile, { open: options.open })) return;
  await serve(context, context, { open: options.open });
}

function written({ paths }: Context, { connections, variables, project }: Setup): string[] {
  const keys = connections.reduce(
    (sum, { entered }) => sum + Object.keys(entered).length,
    Object.keys(variables).length,
  );
  const short = (path: string) =>
    plainLine(path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path);
  return [
    ...(keys > 0 ? [`${short(paths.envFile)}: ${count(keys, "key")} written, for your eyes alone (mode 600).`] : []),
    ...(project === null ? [] : [`${short(paths.projectsFile)}: the project ${plainLine(project.id)} was added.`]),
  ];
}
