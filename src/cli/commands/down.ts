import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { findServerFile, isAlive } from "../server/running-server.ts";
import { findServer } from "../server/server-client.ts";
import { findSilentServer } from "../server/silent-server.ts";

const stopWithinMs = 15_000;

export function define(command: Command, context: Context): void {
  command.action(async () => {
    const { out, paths } = context;
    const file = findServerFile(paths.serverFile);
    const client = await findServer(paths.serverFile);
    const silent = client === null ? await findSilentServer(paths) : null;
    const server = client?.server ?? silent;
    if (server === null) {
      // The server process is gone, or its pid belongs to another program, which must not be signalled.
      rmSync(paths.serverFile, { force: true });
      out.line(
        file === null ? "No server is running." : "No server is running; leftovers of the last one were removed.",
      );
      return;
    }
    const { pid, url } = server;
    // It is our server only if it accepts this data directory's token or holds its lock.
    if (client !== null) {
      await client.get("/api/projects").catch(async (error: unknown) => {
        if ((await findSilentServer(paths))?.pid !== pid) throw error;
      });
    }
    process.kill(pid, "SIGTERM");
    // A stopped process handles the signal only once it continues.
    if (process.platform !== "win32") process.kill(pid, "SIGCONT");
    const end = performance.now() + stopWithinMs;
    while (isAlive(pid)) {
      if (performance.now() > end) {
        throw new PanopticonError("timeout", `The server at ${url} (process ${pid}) has not stopped yet.`, {
          hint: `It may still be finishing a request. If it hangs, run kill -9 ${pid}; no confirmed change is lost.`,
        });
      }
      await sleep(30);
    }
    out.line(`The server at ${url} has stopped.`);
  });
}
