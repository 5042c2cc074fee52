import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isLoopbackHost, tunnelHint } from "../../config/loopback.ts";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { App, Serving, Surroundings } from "../app.ts";
import { printProblems } from "../printing/config-problems.ts";
import type { Context } from "../context.ts";
import { openBrowser } from "./open-browser.ts";
import { followProgress } from "../printing/progress.ts";
import { findServer, fetchHealth } from "./server-client.ts";
import { findSilentServer, serverIsSilent } from "./silent-server.ts";
import { findLockHolder } from "../../store/lock.ts";
// Imported eagerly: a server that is out of file handles can still report its error.
import { maskWarnings } from "../last-words.ts";

export type ServeOptions = {
  readonly host?: string;
  readonly port?: number;
  readonly open: boolean;
  /** End the agents with the server, because their worktrees disappear with it. */
  readonly endAgents?: boolean;
  /** Said once below the address. */
  readonly note?: string;
};

/** Refuses to listen on an address that others can reach. */
export function checkHost(host: string, port: number): void {
  if (isLoopbackHost(host)) return;
  throw new PanopticonError("invalid_input", `The server cannot listen on ${host}, only on this machine.`, {
    hint: tunnelHint(port),
  });
}

/**
 * Runs the server until it is told to stop (SIGINT, SIGTERM); resolves when everything is closed. If the database goes away, waits for it and continues at the
 * same address. `surroundings`: the demo's, or the context's own.
 */
export async function serve(context: Context, surroundings: Surroundings, options: ServeOptions): Promise<void> {
  const stopped = waitForStop();
  maskWarnings();
  try {
    let address: ServeOptions = options;
    let app: App | null = await compose(context, surroundings);
    while (app !== null) {
      const ended: Ended = await serveApp(context, app, address, stopped.promise);
      if (ended === "stopped") return;
      context.out.note(`${ended.lost.message} Panopticon waits for it and continues automatically.`);
      address = { ...options, port: ended.port, open: false };
      app = await composeAgain(context, surroundings, stopped.promise);
    }
  } finally {
    stopped.ignore();
  }
}

async function compose({ out }: Context, surroundings: Surroundings): Promise<App> {
  const { composeApp } = await import("../compose.ts");
  return composeApp({ ...surroundings, out, programs: "used first" });
}

/** How a server ended: stopped as requested, or because its database went away. */
type Ended = "stopped" | { readonly lost: PanopticonError; readonly port: number };

/** Serves until told to stop or the database goes away, then closes everything. */
async function serveApp(context: Context, app: App, options: ServeOptions, stopped: Promise<void>): Promise<Ended> {
  let ended: Ended = "stopped";
  try {
    const { server, problems } = app.config.current();
    const host = options.host ?? server.host;
    const port = options.port ?? server.port;
    checkHost(host, port);
    printProblems(context.out, problems);
    const serving = await listen(app, host, port);
    announce(context, app, serving, options);
    const progress = followProgress(context.out, app.sync);
    const lost = await Promise.race([stopped, app.lost]);
    progress.end();
    if (lost !== undefined) ended = { lost, port: Number(new URL(serving.url).port) };
    return ended;
  } finally {
    try {
      if (ended === "stopped" && options.endAgents === true) await endAgents(app);
    } finally {
      await app.close();
    }
  }
}

const maxWaitMs = 10_000;

/** Retries until the database is usable again; null: told to stop. Throws `busy` if another Panopticon has taken over the data. */
async function composeAgain(context: Context, surroundings: Surroundings, stopped: Promise<void>): Promise<App | null> {
  const isStopped = stopped.then(() => true);
  let said = "";
  for (let waitMs = 250; ; waitMs = Math.min(2 * waitMs, maxWaitMs)) {
    if (await Promise.race([isStopped, sleep(waitMs, false)])) return null;
    try {
      return await compose(context, surroundings);
    } catch (error) {
      if (!isPanopticonError(error) || error.code === "busy") throw error;
      if (error.message !== said) context.out.note(error.message);
      said = error.message;
    }
  }
}

async function endAgents({ work, dispatch }: App): Promise<void> {
  // Otherwise dispatch would start more agents meanwhile.
  await dispatch.stop();
  const agents = await work.agents.list();
  await Promise.all(agents.map(({ id }) => work.agents.stop(id, "its demo ended")));
}

function announce(context: Context, app: App, serving: Serving, options: ServeOptions): void {
  const { out, env } = context;
  out.line(`Panopticon runs at ${out.style("bold", serving.url)}`);
  out.line(`Open ${out.style("cyan", serving.address)}`);
  if (options.note !== undefined) out.note(options.note);
  if (options.open) openBrowser(serving.openAddress(), env);
  if (app.config.current().projects.length === 0) {
    out.note("No projects yet. The board shows how to connect your trackers; or add a project with pan project add.");
  }
}

async function listen(app: App, host: string, port: number): Promise<Serving> {
  try {
    return await app.serve({ host, port });
  } catch (error) {
    if (!isPanopticonError(error) || error.code !== "busy") throw error;
    const other = await fetchHealth(`http://127.0.0.1:${port}`);
    if (other === null) throw error;
    throw new PanopticonError(
      "busy",
      `Port ${port} is in use by another Panopticon (version ${other.version}) with its own data.`,
      {
        hint: `Stop it (pan down with its PANOPTICON_HOME; Ctrl-C for pan demo), or choose another port: --port ${port + 1}.`,
        cause: error,
      },
    );
  }
}

/** Prints the address of a server already running on this data; returns false if there is none. */
export async function showRunning(context: Context, serverFile: string, options: ServeOptions): Promise<boolean> {
  const client = await findServer(serverFile);
  if (client === null) return false;
  const { out, env } = context;
  const { url, pid, token } = client.server;
  const port = Number(new URL(url).port);
  if (options.port !== undefined && options.port !== 0 && options.port !== port) {
    throw new PanopticonError("busy", `Panopticon is already running at ${url} (process ${pid}).`, {
      hint: "A data directory can have only one server. Stop it with pan down to start it on another port.",
    });
  }
  out.line(`Panopticon is already running at ${out.style("bold", url)} (process ${pid}).`);
  out.line(`Open ${out.style("cyan", `${url}/?token=${token}`)}`);
  if (options.open) {
    const { url: address } = (await client.send("POST", "/api/sign-in-address")) as { url: string };
    openBrowser(address, env);
  }
  return true;
}

const startsWithinMs = 10_000;

/**
 * If another process holds the data directory, waits until it publishes its address and prints that; returns false if it does not, or ends. Throws
 * `unreachable` if the server does not respond at that address.
 */
export async function showStarting(context: Context, options: ServeOptions): Promise<boolean> {
  const { paths } = context;
  const { serverFile, lockFile } = paths;
  const end = performance.now() + startsWithinMs;
  while (existsSync(lockFile) && findLockHolder(lockFile) !== null && performance.now() < end) {
    if (await showRunning(context, serverFile, options)) return true;
    await sleep(50);
  }
  const silent = await findSilentServer(paths);
  if (silent !== null) throw serverIsSilent(silent);
  return false;
}

/** Ctrl-C may arrive twice, from the terminal and from the parent process; signals this close together count as one. */
const oneWishMs = 1000;

/** The first signal stops gracefully, a later one ends the process immediately. */
function waitForStop(): { readonly promise: Promise<void>; ignore(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let askedAt: number | null = null;
  const onSignal = () => {
    if (askedAt !== null && performance.now() - askedAt > oneWishMs) process.exit(1);
    askedAt ??= performance.now();
    resolve();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    promise,
    ignore: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
