import { PanopticonError } from "../../domain/error.ts";
import { type Ended, runProgram } from "../process/run-program.ts";
import type { Environment } from "../process/clean-environment.ts";
import { plainLine } from "../../domain/plain-text.ts";

export type GitOptions = {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: (chunk: Buffer) => void;
  readonly input?: string;
  /** Variables in addition to the user's. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs git in a folder. */
export type Git = {
  /** Returns its output without the last line break. Throws `internal` with git's own message if it fails. */
  run(cwd: string, args: readonly string[], options?: GitOptions): Promise<string>;
  /** The same for queries that may fail: returns null if git fails. */
  ask(cwd: string, args: readonly string[], options?: GitOptions): Promise<string | null>;
};

const defaultTimeoutMs = 30_000;

/**
 * git with the user's configuration, but without the variables that would point it at another repository. It never prompts for a password: what needs one
 * fails.
 */
export function createGit(env: Environment): Git {
  const variables = {
    ...Object.fromEntries(
      Object.entries(env).filter(
        (entry): entry is [string, string] =>
          entry[1] !== undefined && !/^GIT_(?!SSH|CONFIG_|AUTHOR|COMMITTER)/.test(entry[0]),
      ),
    ),
    GIT_TERMINAL_PROMPT: "0",
    GCM_INTERACTIVE: "never",
    SSH_ASKPASS_REQUIRE: "never",
    // Parsed messages are in one language; output for the user is git's own.
    LC_ALL: "C",
    ...(env["GIT_SSH_COMMAND"] === undefined && env["GIT_SSH"] === undefined
      ? { GIT_SSH_COMMAND: "ssh -o BatchMode=yes" }
      : {}),
  };
  const start = (cwd: string, args: readonly string[], options: GitOptions): Promise<Ended> =>
    runProgram("git", args, {
      cwd,
      timeoutMs: defaultTimeoutMs,
      ...options,
      env: { ...variables, ...options.env },
    });
  return {
    async run(cwd, args, options = {}) {
      const ended = await start(cwd, args, options);
      if (ended.code === 0) return ended.stdout.replace(/\n$/, "");
      throw failure(args, ended);
    },
    async ask(cwd, args, options = {}) {
      const ended = await start(cwd, args, options);
      return ended.code === 0 ? ended.stdout.replace(/\n$/, "") : null;
    },
  };
}

/** The maximum number of lines to report from a hook: a linter has hundreds. */
const maxReasons = 5;

function failure(args: readonly string[], { stderr, timedOut, code }: Ended): PanopticonError {
  const command = `git ${args.find((argument) => !argument.startsWith("-")) ?? ""}`.trim();
  if (timedOut) {
    return new PanopticonError("timeout", `${command} took too long and was ended.`, {
      hint: "Is the remote reachable, and does it work without a password? Try the same command by hand.",
    });
  }
  const missing = missingProgram(stderr);
  if (missing !== null) {
    return new PanopticonError("internal", `${command} failed: it needs ${missing}, which is not installed.`, {
      hint: `Install ${missing}, or remove it from the repository's filters and hooks. Run the same command by hand for details.`,
    });
  }
  return new PanopticonError("internal", `${command} failed: ${wordsOf(stderr) || `exit ${code ?? "by a signal"}`}`);
}

/** The program of a filter (git-lfs) or hook that the shell did not find; git's own message only reports a hang-up. */
function missingProgram(stderr: string): string | null {
  return (
    /(?:\d+: ([\w./-]+): not found|(?:^|: )([\w./-]+): command not found)$/m.exec(stderr)?.slice(1).find(Boolean) ??
    null
  );
}

/** git's error message on one line; for a refused push, first the message of the hook or server, which is the reason. */
function wordsOf(stderr: string): string {
  const lines = stderr.split("\n").map(plainLine);
  const telling = lines.filter((line) => /^(?:fatal|error):/.test(line));
  if (telling.length === 0) {
    return lines
      .filter((line) => line !== "")
      .slice(-2)
      .join("; ");
  }
  const isRefused = telling.some((line) => line.includes("failed to push some refs"));
  const reasons = isRefused ? lines.map(toReason).filter((line) => line !== "") : [];
  return [...reasons.slice(0, maxReasons), ...telling.map((line) => line.replace(/^(?:fatal|error): /, ""))].join("; ");
}

/** A line of a local hook, or of one at the remote (`remote: …`); "" for a line of git's own. */
function toReason(line: string): string {
  return /^(?:fatal|error|hint|warning):/.test(line) ? "" : line.replace(/^remote:(?: error:)?/, "").trim();
}
