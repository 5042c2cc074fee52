import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { findTracker } from "../src/trackers/registry.ts";

export const root = join(import.meta.dirname, "..");
const pan = join(root, "dist", "pan.js");

type Spawned = { readonly child: ChildProcess; stop(): Promise<void> };

function start(args: readonly string[], env: Record<string, string>): Spawned {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return {
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

export type RunningEmulators = {
  /** Credentials of all trackers, by environment key. */
  readonly env: Readonly<Record<string, string>>;
  /** Source keys, by tracker. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** Control API addresses, by tracker. */
  readonly control: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** Starts emulators in their own process, with this many issues each; `only`: the trackers, default all. */
export async function startEmulators(issues: number, only?: readonly string[]): Promise<RunningEmulators> {
  const spawned = start(
    [
      join(root, "emulators", "main.ts"),
      "--issues",
      String(issues),
      "--port",
      "0",
      "--budget",
      "100000000",
      "--json",
      ...(only === undefined ? [] : ["--only", only.join(",")]),
    ],
    {},
  );
  const output = await readUntil(spawned.child, (text) => text.trimEnd().endsWith("}") && isJson(text));
  const trackers = JSON.parse(output) as Record<
    string,
    { credentials: Record<string, string>; sources: { key: string }[]; control: string }
  >;
  return {
    env: Object.assign({}, ...Object.values(trackers).map((tracker) => tracker.credentials)) as Record<string, string>,
    sources: Object.fromEntries(
      Object.entries(trackers).map(([tracker, { sources }]) => [tracker, sources.map((source) => source.key)]),
    ),
    control: Object.fromEntries(Object.entries(trackers).map(([tracker, { control }]) => [tracker, control])),
    stop: () => spawned.stop(),
  };
}

/** Injects a fault into a tracker; `null` clears it. */
export async function setFault(
  emulators: RunningEmulators,
  tracker: string,
  fault: Readonly<Record<string, unknown>> | null,
): Promise<void> {
  const response = await fetch(
    `${emulators.control[tracker]}/faults`,
    fault === null
      ? { method: "DELETE" }
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fault) },
  );
  if (!response.ok) throw new Error(await response.text());
}

export type RunningServer = {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  get<T>(path: string): Promise<T>;
  stop(): Promise<void>;
};

/** Starts the built bundle's `pan up` in a home of its own; resolves once it responds. */
export async function startServer(home: string, env: Record<string, string> = {}): Promise<RunningServer> {
  const spawned = start([pan, "up", "--port", "0", "--no-open"], { PANOPTICON_HOME: home, HOME: home, ...env });
  let errors = "";
  spawned.child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const file = join(home, ".panopticon", "server.json");
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (spawned.child.exitCode !== null || Date.now() > deadline) throw new Error(`pan up did not start: ${errors}`);
    const found = await readServerFile(file);
    if (found !== null && found.pid === spawned.child.pid) {
      return {
        url: found.url,
        token: found.token,
        pid: found.pid,
        stop: () => spawned.stop(),
        get: async <T>(path: string): Promise<T> => {
          const response = await fetch(`${found.url}${path}`, { headers: { authorization: `Bearer ${found.token}` } });
          if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
          return (await response.json()) as T;
        },
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function readServerFile(file: string): Promise<{ url: string; token: string; pid: number } | null> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as { url: string; token: string; pid: number };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** The peak memory of a process, in MiB, from the kernel. */
export async function peakMemoryMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kib = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  if (kib === undefined) throw new Error("this system does not tell a process's peak memory");
  return Number(kib) / 1024;
}

/** A home with a mirror of `issues` issues, made by the real server's first sync. */
export type Filled = {
  readonly home: string;
  readonly issues: number;
  readonly peakMiB: number;
  readonly syncMs: number;
};

const filled = new Map<number, Promise<Filled>>();

/** Cached per run of the bench. Afterwards the home has no credentials, so its mirror does not change. */
export function fillMirror(issues: number, report: (line: string) => void): Promise<Filled> {
  const known = filled.get(issues);
  if (known !== undefined) return known;
  const made = makeMirror(issues, report);
  filled.set(issues, made);
  return made;
}

async function makeMirror(issues: number, report: (line: string) => void): Promise<Filled> {
  const emulators = await startEmulators(issues / 2, ["github", "linear"]);
  const home = await makeHome(emulators.env, emulators.sources);
  process.once("exit", () => rmSync(home, { recursive: true, force: true }));

  const started = performance.now();
  const server = await startServer(home);
  await untilSynced(server, Object.keys(emulators.sources));
  const mirrored = (await server.get<{ mirrored: number }>("/api/board?limit=1")).mirrored;
  if (mirrored !== issues) throw new Error(`${mirrored} of ${issues} issues are mirrored`);
  const syncMs = performance.now() - started;
  const peakMiB = await peakMemoryMiB(server.pid);
  report(
    `${issues.toLocaleString("en")} issues synced in ${(syncMs / 1000).toFixed(1)} s, peak ${peakMiB.toFixed(0)} MiB`,
  );
  await server.stop();
  await emulators.stop();
  await rm(join(home, ".panopticon.env"));
  return { home, issues, peakMiB, syncMs };
}

/** Waits until every source of the trackers has completed its first sync; returns each tracker's time in milliseconds. */
export async function untilSynced(server: RunningServer, trackers: readonly string[]): Promise<Record<string, number>> {
  type Trackers = { trackers: { id: string; sources: { lastSyncAt: string | null }[] }[] };
  const started = performance.now();
  const took: Record<string, number> = {};
  while (trackers.some((tracker) => took[tracker] === undefined)) {
    for (const { id, sources } of (await server.get<Trackers>("/api/trackers")).trackers) {
      if (sources.length === 0 || sources.some((source) => source.lastSyncAt === null)) continue;
      took[id] ??= performance.now() - started;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return took;
}

/** A home with credentials and one project that mirrors everything. */
export async function makeHome(
  credentials: Readonly<Record<string, string>>,
  sources: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "panopticon-bench-"));
  await mkdir(join(home, ".panopticon"), { mode: 0o700 });
  const lines = Object.entries(credentials).map(([key, value]) => `${key}=${value}`);
  await writeFile(join(home, ".panopticon.env"), `${lines.join("\n")}\n`, { mode: 0o600 });
  const keys = Object.fromEntries(
    Object.entries(sources).map(([tracker, names]) => [findTracker(tracker)?.sourceKeys[0]?.key ?? tracker, names]),
  );
  // JSON is valid YAML.
  const projects = { bench: { name: "Bench", history: "all", ...keys } };
  await writeFile(join(home, ".panopticon", "projects.yaml"), JSON.stringify({ projects }));
  return home;
}

function readUntil(child: ChildProcess, enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (enough(text)) resolve(text);
    });
    child.once("exit", () => reject(new Error(`the emulators ended: ${text}`)));
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
