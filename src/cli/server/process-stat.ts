import { readFileSync } from "node:fs";

/** What Linux reports of a process (proc_pid_stat(5)). */
export type ProcessStat = {
  /** `Z`: a zombie, which has ended but whose parent has not read its exit code. */
  readonly state: string;
  /** Start time in clock ticks since boot; with the pid it identifies the process even if the pid is reused. */
  readonly begin: string;
};

/** null: on another system, if hidden from this user, or if there is no such process. */
export function readProcessStat(pid: number): ProcessStat | null {
  if (process.platform !== "linux") return null;
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
  // The second field is the program's name in parentheses, which may contain parentheses and spaces itself.
  const [state, ...more] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const begin = more[18];
  return state === undefined || begin === undefined ? null : { state, begin };
}
