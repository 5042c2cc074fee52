import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeDataDirectory } from "../../config/data-directory.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { plainText } from "../../domain/plain-text.ts";
import { findServer, type ServerClient } from "./server-client.ts";

const startWithinMs = 60_000;

/** Starts the same program in the background with these arguments; resolves with the server once it responds. */
export async function startDetached(context: Context, args: readonly string[]): Promise<ServerClient> {
  const { paths, env, cwd } = context;
  makeDataDirectory(paths.home);
  const logFile = join(paths.home, "server.log");
  const log = openSync(logFile, "a", 0o600);
  const from = statSync(logFile).size;
  const script = process.argv[1] ?? "";
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ["ignore", log, log],
    windowsHide: true,
  });
  closeSync(log);
  const hasEnded = new AbortController();
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", () => resolve(plainText(readFileSync(logFile).subarray(from).toString("utf8")).trim()));
  });
  void ended.then(() => hasEnded.abort());
  const found = await Promise.race([waitFor(paths.serverFile, child.pid, hasEnded.signal), ended]);
  if (typeof found === "string" || hasEnded.signal.aborted) {
    const [message = "", ...rest] = (await ended).split("\n").slice(-6);
    throw new PanopticonError("internal", message || "The server stopped before it was ready.", {
      hint: [...rest, `See the log: ${logFile}`].join("\n"),
    });
  }
  child.unref();
  if (found !== null) return found;
  throw new PanopticonError("timeout", `The server did not respond within ${startWithinMs / 1000} seconds.`, {
    hint: `It may still be starting: check pan status, or the log ${logFile}.`,
  });
}

async function waitFor(serverFile: string, pid: number | undefined, ended: AbortSignal): Promise<ServerClient | null> {
  const end = performance.now() + startWithinMs;
  while (performance.now() < end && !ended.aborted) {
    const client = await findServer(serverFile);
    if (client?.server.pid === pid) return client;
    await sleep(50);
  }
  return null;
}
