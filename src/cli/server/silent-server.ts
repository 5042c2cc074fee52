import { existsSync } from "node:fs";
import type { Paths } from "../../config/config.ts";
import { PanopticonError } from "../../domain/error.ts";
import { findServerFile, type RunningServer } from "./running-server.ts";

/**
 * The server that server.json tells of, where its process has the data directory although it may not answer: it hangs, was stopped, or has too much to do. null: there is
 * none, or the process is another program by now.
 */
export async function findSilentServer(paths: Paths): Promise<RunningServer | null> {
  const server = findServerFile(paths.serverFile);
  if (server === null || !existsSync(paths.lockFile)) return null;
  const { findLockHolder } = await import("../../store/lock.ts");
  return findLockHolder(paths.lockFile)?.pid === server.pid ? server : null;
}

/** `unreachable`, for a server whose process is there. */
export function serverIsSilent({ url, pid }: RunningServer): PanopticonError {
  return new PanopticonError("unreachable", `The server at ${url} (process ${pid}) is running but not responding.`, {
    hint: "It may be overloaded: try again. If it hangs, run pan down, then pan up.",
  });
}
