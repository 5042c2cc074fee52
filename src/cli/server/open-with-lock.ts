import { setTimeout as sleep } from "node:timers/promises";
import { isPanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { findSilentServer, serverIsSilent } from "./silent-server.ts";

/** Longer than a command takes to make a change and deliver it. */
const waitMs = 20_000;
const pauseMs = 60;

/**
 * Returns what `through` opens through a running server (null without one), otherwise what `here` opens under the data directory's lock. Waits for another
 * command that holds the lock.
 * Throws `busy` if that takes too long, `unreachable` if the server holding the lock does not respond.
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
        // Try once more, in case the server was slow or has just started.
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
