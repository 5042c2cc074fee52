import { setTimeout as sleep } from "node:timers/promises";
import { isPanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { findSilentServer, serverIsSilent } from "./silent-server.ts";

/** Longer than a command takes that changes something and gives it to its tracker. */
const waitMs = 20_000;
const pauseMs = 60;

/**
 * What `through` opens at a running server, null where there is none; else what `here` opens under the data directory's lock. Waits for another command that has the lock.
 * Throws `busy` where that takes too long, `unreachable` for a server that has the lock and does not answer.
 */
export async function openWithLock<Through, Here>(
  { out, paths }: Pick<Context, "out" | "paths">,
  through: () => Promise<Through | null>,
  here: () => Promise<Here>,
): Promise<Through | Here> {
  const end = performance.now() + waitMs;
  let wasSilent = false;
  try {
    for (;;) {
      const server = await through();
      if (server !== null) return server;
      try {
        return await here();
      } catch (error) {
        if (!isPanopticonError(error) || error.code !== "busy" || performance.now() > end) throw error;
        // A server that was only slow to answer, or has just started, is asked once more.
        const silent = await findSilentServer(paths);
        if (silent !== null && wasSilent) throw serverIsSilent(silent);
        wasSilent = silent !== null;
      }
      out.status("Waiting for another command…");
      await sleep(pauseMs);
    }
  } finally {
    out.status(null);
  }
}
