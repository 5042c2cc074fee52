const flag = "--max-semi-space-size=4";

/**
 * Starts this process over, under the same pid, with settings for a server that runs all day: V8's space for new objects and the
 * C library's arenas would otherwise grow to hundreds of megabytes during a first sync. Neither can be set once the process runs.
 * Does nothing where the process is lean already, or where the system cannot replace a process (Windows).
 */
export function becomeLean(): void {
  if (process.execArgv.includes(flag) || process.platform === "win32" || typeof process.execve !== "function") {
    // For this process alone, not for the programs it starts.
    delete process.env.MALLOC_ARENA_MAX;
    return;
  }
  const [node = process.execPath, ...script] = process.argv;
  process.execve(process.execPath, [node, flag, ...process.execArgv, ...script], {
    ...process.env,
    MALLOC_ARENA_MAX: "1",
  });
}
