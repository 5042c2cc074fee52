import { readFileSync } from "node:fs";

/** What Linux tells of a process (proc_pid_stat(5)). */
export type ProcessStat = {
  /** `Z`: it has ended, and its parent has not asked for its exit code. */
  readonly state: string;
  /** When it began, in clock ticks since the system did: with its id it is this process and no later one of the same id. */
  readonly begin: string;
};

/** null: on another system, where it is hidden from this user, and where there is no such process. */
export function readProcessStat(pid: number): ProcessStat | null {
  if (process.platform !== "linux") return null;
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
  // The second field is the program's name in brackets, which may hold brackets and spaces.
  const [state, ...more] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const begin = more[18];
  return state === undefined || begin === undefined ? null : { state, begin };
}
