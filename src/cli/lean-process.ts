import { setFlagsFromString } from "node:v8";

const flag = "--max-semi-space-size=4";

/**
 * When V8 compiles what runs often into faster code: after so many calls, and so many after the last one that met something new. Its own numbers, 400 and 500, are
 * those of pages that run for seconds. The names are V8's own and known for this version alone.
 */
const soonerFlags = ["--invocation-count-for-maglev=60", "--minimum-invocations-after-ic-update=30"];
const v8OfSoonerFlags = "13.";

/**
 * Starts this process over, under the same pid, with settings for a server that runs all day: V8's space for new objects and the
 * C library's arenas would otherwise grow to hundreds of megabytes during a first sync. Neither can be set once the process runs.
 * Does nothing where the process is lean already, or where the system cannot replace a process (Windows).
 */
export function becomeLean(): void {
  if (process.execArgv.includes(flag) || process.platform === "win32" || typeof process.execve !== "function") {
    // For this process alone, not for the programs it starts.
    delete process.env.MALLOC_ARENA_MAX;
    if (process.versions.v8.startsWith(v8OfSoonerFlags)) for (const one of soonerFlags) setFlagsFromString(one);
    return;
  }
  const [node = process.execPath, ...script] = process.argv;
  process.execve(process.execPath, [node, flag, ...process.execArgv, ...script], {
    ...process.env,
    MALLOC_ARENA_MAX: "1",
  });
}
