import { existsSync } from "node:fs";
import type { Paths } from "../../config/config.ts";
import { PanopticonError } from "../../domain/error.ts";
import { findServerFile, type RunningServer } from "./running-server.ts";

/**
 * The server of server.json, if its process owns the data directory even though it may not respond: hanging, suspended or overloaded. null: there is none, or
 * the pid belongs to another program.
 */
export async function findSilentServer(paths: Paths): Promise<RunningServer | null> {
  const server = findServerFile(paths.serverFile);
  if (server === null || !existsSync(paths.lockFile)) return null;
  const { findLockHolder } = await import("../../store/lock.ts");
  return findLockHolder(paths.lockFile)?.pid === server.pid ? server : null;
}

/** The `unreachable` error for a server whose process is alive. */
export function serverIsSilent({ url, pid }: RunningServer): PanopticonError {
  return new PanopticonError("unreachable", `The server at ${url} (process ${pid}) is running but not responding.`, {
    hint: "It may be overloaded: try again. If it hangs, run pan down, then pan up.",
  });
}
