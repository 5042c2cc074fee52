import { PanopticonError } from "../../domain/error.ts";
import { runProgram } from "../process/run-program.ts";
import type { StepLog } from "./step-log.ts";

export type CommandsOptions = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly log: StepLog;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Runs the user's own commands of projects.yaml in sequence in a shell. Values of an issue are passed as variables, never as a part of the command. Throws
 * `internal` for the first that fails, `timeout` for one that takes too long, and the signal's reason.
 */
export async function runCommands(commands: readonly string[], options: CommandsOptions): Promise<void> {
  const { cwd, env, timeoutMs, log, signal } = options;
  for (const command of commands) {
    signal?.throwIfAborted();
    log.write(`$ ${command}\n`);
    const ended = await runProgram("sh", ["-c", command], {
      cwd,
      env,
      timeoutMs,
      signal,
      maxBytes: 64 * 1024,
      onOutput: (chunk) => log.write(chunk),
    });
    if (ended.code === 0) continue;
    signal?.throwIfAborted();
    const last = lastLine(`${ended.stdout}\n${ended.stderr}`);
    if (ended.timedOut) {
      log.write(`(ended after ${timeoutMs / 1000} s)\n`);
      throw new PanopticonError("timeout", `“${command}” took longer than ${timeoutMs / 1000} s and was ended.`, {
        hint: "Give it more time with workspace: { timeout: 10m } in projects.yaml.",
      });
    }
    const how = ended.code === null ? "was ended by a signal" : `failed with exit code ${ended.code}`;
    log.write(`(${how})\n`);
    throw new PanopticonError("internal", `“${command}” ${how}${last === "" ? "" : `: ${last}`}`);
  }
}

function lastLine(output: string): string {
  return (
    output
      .split("\n")
      .map((line) => line.trim())
      .findLast((line) => line !== "") ?? ""
  );
}
