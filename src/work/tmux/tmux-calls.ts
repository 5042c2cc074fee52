import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PanopticonError } from "../../domain/error.ts";
import { cleanEnvironment, type Environment } from "../process/clean-environment.ts";
import { type Ended, runProgram } from "../process/run-program.ts";

const configuration = `# Written by Panopticon: its agents' own tmux, apart from yours.
set -s escape-time 0
set -s set-clipboard off
set -g remain-on-exit on
set -g history-limit 50000
set -g default-terminal "tmux-256color"
set-environment -g COLORTERM truecolor
set -g update-environment ""
set -g allow-rename off
set -g automatic-rename off
set -g base-index 0
set -g pane-base-index 0
set -g mouse on
set -g status-left ""
set -g status-right " #{session_name} · detach: C-b d "
set -g status-style "fg=default,bg=default"
set -g window-status-current-format ""
set -g bell-action any
set -g visual-bell off
set -g destroy-unattached off
set -g detach-on-destroy on
`;

const timeoutMs = 10_000;

/** tmux's messages if there is no such session; "no current target" occurs in the moment between the end of its last session and its own. */
const noSession =
  /can't find (?:session|pane|window)|no server running|no such session|no current target|no sessions|error connecting|server exited|lost server/;

/** The session named by a call does not exist, or no longer. */
export class NoSession extends Error {}

export type TmuxOptions = {
  /** Panopticon's folder; each has its own tmux server. */
  readonly home: string;
  readonly env: Environment;
  /** Variables that no session gets. */
  readonly secret: ReadonlySet<string>;
};

/** Calls Panopticon's own tmux server, whose socket and configuration are separate from the user's. */
export type TmuxCalls = {
  /** The environment for child processes that run tmux. */
  readonly env: Readonly<Record<string, string>>;
  /** The first words of a command line for this server. */
  commandLine(): readonly string[];
  /** Runs a tmux command, whatever its exit code. */
  call(args: readonly string[], input?: string): Promise<Ended>;
  /** Runs a tmux command and returns its output. Throws NoSession, or `internal` with tmux's message. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** Like `run`; null if there is no such session. */
  unlessGone(args: readonly string[]): Promise<string | null>;
};

export function createTmuxCalls(options: TmuxOptions): TmuxCalls {
  const { home } = options;
  const configFile = join(home, "work", "tmux.conf");
  const socket = `panopticon-${createHash("sha256").update(home).digest("hex").slice(0, 12)}`;
  // The server uses its initial environment for all later sessions.
  const env = { ...cleanEnvironment(options.env, { secret: options.secret }), LC_ALL: utf8(options.env) };
  let configured = false;

  function configure(): void {
    if (configured) return;
    mkdirSync(join(home, "work"), { recursive: true, mode: 0o700 });
    writeFileSync(configFile, configuration, { mode: 0o600 });
    configured = true;
  }

  function commandLine(): readonly string[] {
    configure();
    return ["tmux", "-L", socket, "-f", configFile];
  }

  function call(args: readonly string[], input?: string): Promise<Ended> {
    const [program = "", ...base] = commandLine();
    return runProgram(program, [...base, ...args], {
      cwd: home,
      env,
      timeoutMs,
      ...(input === undefined ? {} : { input }),
    });
  }

  async function run(args: readonly string[], input?: string): Promise<string> {
    const ended = await call(args, input);
    if (ended.code === 0) return ended.stdout;
    const words = ended.stderr.trim().split("\n").at(-1) ?? "";
    if (noSession.test(words)) throw new NoSession();
    throw new PanopticonError(
      "internal",
      `tmux ${args[0] ?? ""} failed: ${words || (ended.timedOut ? "it took too long" : "without a word")}`,
      { hint: "pan doctor says whether tmux is there and new enough." },
    );
  }

  const unlessGone = async (args: readonly string[]): Promise<string | null> => {
    try {
      return await run(args);
    } catch (error) {
      if (error instanceof NoSession) return null;
      throw error;
    }
  };

  return { env, commandLine, call, run, unlessGone };
}

/** tmux draws non-ASCII characters only in a UTF-8 locale. */
function utf8(env: Environment): string {
  const own = env["LC_ALL"] ?? env["LC_CTYPE"] ?? env["LANG"] ?? "";
  return /utf-?8/i.test(own) ? own : "C.UTF-8";
}
