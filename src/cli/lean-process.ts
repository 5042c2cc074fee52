import { setFlagsFromString } from "node:v8";

/** V8's space for new objects, in MiB. */
const flag = "--max-semi-space-size=8";

/**
 * V8's own names, known for this version alone: another one would refuse those that it does not know.
 * The heap is cleaned up when it is twice as large as what was alive the last time: left to itself it waits until it is three or four times as large.
 * What runs often is compiled into faster code after so many calls, and so many after the last one that met something new: V8's own numbers, 400 and 500,
 * are those of pages that run for seconds.
 */
const ownFlags = [
  "--heap-growing-percent=100",
  "--invocation-count-for-maglev=60",
  "--minimum-invocations-after-ic-update=30",
];
const v8OfOwnFlags = "13.";

/**
 * Starts this process over, under the same pid, with settings for a server that runs all day: V8's heap and the C library's arenas would otherwise grow to
 * hundreds of megabytes during a first sync. What is set that way cannot be set once the process runs.
 * Does nothing where the process is lean already, or where the system cannot replace a process (Windows).
 */
export function becomeLean(): void {
  if (process.execArgv.includes(flag) || process.platform === "win32" || typeof process.execve !== "function") {
    // For this process alone, not for the programs it starts.
    delete process.env.MALLOC_ARENA_MAX;
    if (process.versions.v8.startsWith(v8OfOwnFlags)) for (const one of ownFlags) setFlagsFromString(one);
    return;
  }
  const [node = process.execPath, ...script] = process.argv;
  process.execve(process.execPath, [node, flag, ...process.execArgv, ...script], {
    ...process.env,
    MALLOC_ARENA_MAX: "1",
  });
}
