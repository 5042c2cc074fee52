import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileErrorCode } from "../../domain/file-error.ts";
import { readOptional } from "../read-optional.ts";
import { runProgram } from "./run-program.ts";

/** A process as the system lists it. */
export type ListedProcess = {
  readonly pid: number;
  readonly parent: number;
  /** Shared by the processes of one terminal; null if there is none. */
  readonly session: string | null;
  /** Together with the pid, identifies a process uniquely. */
  readonly birth: string;
};

/** All processes of this machine that have not ended. */
export async function listProcesses(): Promise<readonly ListedProcess[]> {
  return process.platform === "linux" ? readProc() : askPs();
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function readProc(): readonly ListedProcess[] {
  return readdirSync("/proc").flatMap((name): readonly ListedProcess[] => {
    const stat = /^\d+$/.test(name) ? readOwn(name, "stat") : null;
    // The program's name is in parentheses and may itself contain some.
    const [state, parent, , session, ...rest] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
    if (session === undefined || state === "Z" || state === "X") return [];
    return [{ pid: Number(name), parent: Number(parent), session, birth: rest[15] ?? "" }];
  });
}

/** null if it ended while being read, or belongs to another user. */
function readOwn(pid: string, name: "stat" | "environ"): string | null {
  try {
    return readOptional(`/proc/${pid}/${name}`);
  } catch (error) {
    if (["ESRCH", "EACCES", "EPERM"].includes(fileErrorCode(error) ?? "")) return null;
    throw error;
  }
}

/**
 * Processes started with a variable, including their descendants, whatever happened to their terminal or parent; never this process. Only Linux can tell; empty
 * elsewhere.
 */
export function listMarked(name: string, value: string): readonly ListedProcess[] {
  if (process.platform !== "linux") return [];
  const wanted = `${name}=${value}`;
  return readProc().filter(
    ({ pid }) => pid !== process.pid && readOwn(String(pid), "environ")?.split("\0").includes(wanted) === true,
  );
}

async function askPs(): Promise<readonly ListedProcess[]> {
  const args = ["-A", "-o", "pid=,ppid=,tty=,stat=,lstart="];
  const { stdout } = await runProgram("ps", args, { cwd: "/", env: { LC_ALL: "C", PATH: path() }, timeoutMs: 10_000 });
  return stdout.split("\n").flatMap((line): readonly ListedProcess[] => {
    const [pid, parent, tty = "", state = "", ...birth] = line.trim().split(/\s+/);
    if (pid === undefined || birth.length === 0 || state.startsWith("Z")) return [];
    const session = tty.startsWith("?") ? null : tty;
    return [{ pid: Number(pid), parent: Number(parent), session, birth: birth.join(" ") }];
  });
}

const path = () => process.env["PATH"] ?? "/usr/bin:/bin";

/** A process, its descendants, and everything that shares its terminal; never this process. */
export function findTree(root: number, all: readonly ListedProcess[]): readonly ListedProcess[] {
  const session = all.find(({ pid }) => pid === root)?.session ?? null;
  const found = new Set([root]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  const isOf = (one: ListedProcess) => found.has(one.pid) || (session !== null && one.session === session);
  return all.filter((one) => isOf(one) && one.pid !== process.pid);
}

const lookMs = 50;
/** How long processes may take to exit after their terminal is gone… */
const termAfterMs = 2_000;
/** …and until they are killed, having been asked to exit in between. */
const killAfterMs = 5_000;

/** Resolves when all of these are gone: those that do not exit by themselves get SIGTERM, then SIGKILL. */
export async function endProcesses(them: readonly ListedProcess[]): Promise<void> {
  const begun = performance.now();
  let asked = false;
  for (let left = them; left.length > 0;) {
    const now = await listProcesses();
    left = left.filter(({ pid, birth }) => now.some((one) => one.pid === pid && one.birth === birth));
    const waitedMs = performance.now() - begun;
    if (waitedMs >= killAfterMs) {
      for (const { pid } of left) send(pid, "SIGKILL");
      // What a kill does not end hangs in the kernel; waiting for it is pointless.
      return;
    }
    if (waitedMs >= termAfterMs && !asked) {
      asked = true;
      for (const { pid } of left) send(pid, "SIGTERM");
    }
    if (left.length > 0) await sleep(lookMs);
  }
}

/** Ignores a process that is gone, or belongs to another user. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
