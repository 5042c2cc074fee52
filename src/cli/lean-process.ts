import { setFlagsFromString } from "node:v8";

/** V8's space for new objects, in MiB. */
const flag = "--max-semi-space-size=8";

/**
 * V8's internal flags, for this version only: V8 rejects flags it does not know.
 * The heap is collected when it has doubled since the last collection; the default is three or four times.
 * Hot functions are optimised after this many calls, and this many after the last type change: V8's defaults, 400 and 500, suit pages that run for seconds.
 */
const ownFlags = [
  "--heap-growing-percent=100",
  "--invocation-count-for-maglev=60",
  "--minimum-invocations-after-ic-update=30",
];
const v8OfOwnFlags = "13.";

/**
 * Re-executes this process, under the same pid, with settings for a long-running server: otherwise V8's heap and the C library's arenas grow to hundreds of
 * megabytes during a first sync. These settings cannot be changed at run time.
 * Does nothing if already done, or if the system cannot replace a process (Windows).
 */
export function becomeLean(): void {
  if (process.execArgv.includes(flag) || process.platform === "win32" || typeof process.execve !== "function") {
    // Only this process, not the programs it starts.
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
