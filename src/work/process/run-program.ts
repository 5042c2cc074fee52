import { spawn } from "node:child_process";
import { PanopticonError } from "../../domain/error.ts";

export type ProgramOptions = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Written to its standard input; absent: no input. */
  readonly input?: string;
  /** Receives all output as it arrives. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** The limit per stream; older output is dropped. */
  readonly maxBytes?: number;
};

/** How a program ended. `code` is null if a signal ended it. */
export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
};

const defaultMostBytes = 32 * 1024 * 1024;
const graceMs = 2_000;

/**
 * Runs a program by its argument list, in its own process group, which ends with it, so that nothing it started outlives the time limit. Throws `not_found` if
 * there is no such program; any exit code is a result.
 */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<Ended> {
  const { cwd, env, timeoutMs, signal, input, onOutput, maxBytes = defaultMostBytes } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd,
      env: { ...env },
      detached: true,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const output = { stdout: createTail(maxBytes), stderr: createTail(maxBytes) };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.on("data", (chunk: Buffer) => {
        output[name].add(chunk);
        onOutput?.(chunk);
      });
    }
    let timedOut = false;
    let killing: NodeJS.Timeout | undefined;
    const end = () => {
      killGroup(child.pid, "SIGTERM");
      killing ??= setTimeout(() => killGroup(child.pid, "SIGKILL"), graceMs);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, timeoutMs);
    signal?.addEventListener("abort", end, { once: true });
    // A remaining child may hold its output open, so the group is killed.
    child.once("exit", () => killGroup(child.pid, "SIGKILL"));
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(killing);
      signal?.removeEventListener("abort", end);
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      settle();
      reject(error.code === "ENOENT" ? notThere(program, cwd, error) : error);
    });
    child.once("close", (code) => {
      settle();
      resolve({ code, stdout: output.stdout.text(), stderr: output.stderr.text(), timedOut });
    });
    if (input !== undefined) {
      // A program that exits without reading its input has decided by its exit.
      child.stdin?.on("error", () => child.stdin?.destroy());
      child.stdin?.end(input);
    }
    if (signal?.aborted) end();
  });
}

function notThere(program: string, cwd: string, cause: Error): PanopticonError {
  return new PanopticonError("not_found", `The program ${program} could not be started in ${cwd}.`, {
    hint: `Install ${program}, or make sure that it is on the PATH and that the folder exists; pan doctor checks this.`,
    cause,
  });
}

/** Succeeds if the process group is already gone. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM"))) throw error;
  }
}

/** Keeps the last bytes of a stream. */
function createTail(maxBytes: number) {
  let chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(chunk: Buffer) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes * 2) return;
      const tail = Buffer.concat(chunks).subarray(-maxBytes);
      chunks = [tail];
      bytes = tail.length;
    },
    text: () => Buffer.concat(chunks).subarray(-maxBytes).toString("utf8"),
  };
}
