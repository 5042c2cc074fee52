import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { findServerFile, isAlive } from "../running-server.ts";
import { findServer } from "../server-client.ts";

const stopWithinMs = 15_000;

export function define(command: Command, context: Context): void {
  command.action(async () => {
    const { out, paths } = context;
    const file = findServerFile(paths.serverFile);
    const client = await findServer(paths.serverFile);
    if (client === null) {
      // Its process is gone, or is another program by now: that one is left alone.
      rmSync(paths.serverFile, { force: true });
      out.line(
        file === null ? "No server is running." : "No server is running; what was left of the last one is gone.",
      );
      return;
    }
    // Only a server that knows this data directory's token is ours.
    await client.get("/api/projects");
    const { pid, url } = client.server;
    process.kill(pid, "SIGTERM");
    const end = performance.now() + stopWithinMs;
    while (isAlive(pid)) {
      if (performance.now() > end) {
        throw new PanopticonError("timeout", `The server at ${url} (process ${pid}) has not stopped yet.`, {
          hint: `It may be finishing a request. If it hangs: kill -9 ${pid}; nothing that was acknowledged is lost.`,
        });
      }
      await sleep(30);
    }
    out.line(`The server at ${url} has stopped.`);
  });
}
