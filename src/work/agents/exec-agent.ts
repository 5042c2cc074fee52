import { existsSync } from "node:fs";
import { PanopticonError } from "../../domain/error.ts";
import { agentFiles } from "./agent-files.ts";

/** What of the terminal's own variables the agent gets. */
const ofTerminal = ["TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION"];

/**
 * The shell waits for the agent and writes down how it ended. All of its text is here; the folder and the agent's arguments are its parameters. Ctrl-C
 * is for the agent. The terminal is opened anew: Node has set it not to block, which outlasts the change of program, and many agents cannot read it then.
 */
const waitForIt = `
dir=$1; shift
trap : INT QUIT
terminal=$(tty) && exec 0<>"$terminal" 1>&0 2>&0
"$@"
code=$?
echo "$code" > "$dir/exit.tmp" && mv "$dir/exit.tmp" "$dir/exit"
exit "$code"
`;

/** What tmux runs: reads argument list, environment and folder from the agent's folder, and becomes it. Does not return. */
export function execAgent(folder: string, env: Readonly<Record<string, string | undefined>>): never {
  const { argv, cwd, env: own } = agentFiles(folder).readRun();
  if (!existsSync(cwd)) throw new PanopticonError("not_found", `The workspace ${cwd} is gone.`);
  process.chdir(cwd);
  const terminal = ofTerminal.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const variables = { ...own, ...Object.fromEntries(terminal), PWD: cwd };
  const { execve } = process;
  if (execve === undefined) throw new PanopticonError("unsupported", "Agents do not run on this operating system.");
  return execve("/bin/sh", ["sh", "-c", waitForIt, "pan-agent", folder, ...argv], variables);
}
