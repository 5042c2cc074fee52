import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "../../emulators/emulator.ts";
import { type Finished, makePanHome, type PanHome } from "../../src/cli/fixture.ts";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";

/** A running `pan up` and its API. */
export type PanServer = {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Its output, once it has ended. */
  readonly finished: Promise<Finished>;
  /** Resolves once its output matches. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  get<T>(path: string): Promise<T>;
  /** Sends a request with the session, and returns the response whatever its status. */
  ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<Finished>;
};

/** Starts a real `pan up` in a home on a free port; resolves once its API responds. */
export async function startPan(
  home: PanHome,
  options: { readonly env?: Record<string, string>; readonly args?: readonly string[] } = {},
): Promise<PanServer> {
  const { env = {}, args = [] } = options;
  const pan = home.start(["up", "--port", "0", "--no-open", ...args], { env });
  const [, url = ""] = await pan.until(/Panopticon runs at (\S+)/);
  const { token, pid } = JSON.parse(readFileSync(home.paths.serverFile, "utf8")) as { token: string; pid: number };
  const ask: PanServer["ask"] = async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
  };
  return {
    url,
    token,
    pid,
    process: pan.process,
    finished: pan.finished,
    until: pan.until,
    ask,
    async get<T>(path: string): Promise<T> {
      const { status, body } = await ask("GET", path);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
      return body as T;
    },
    stop() {
      pan.process.kill("SIGTERM");
      return pan.finished;
    },
  };
}

/** Polling pause: short at first, then an eighth of the time so far, because polling slows down what it waits for. */
const firstPauseMs = 20;
const longestPauseMs = 300;

/** Polls until the result is not `undefined`; fails with the latest result of `describe`. */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  what: string,
  options: { readonly timeoutMs?: number; readonly describe?: () => unknown } = {},
): Promise<T> {
  const { timeoutMs = 30_000, describe } = options;
  const begun = performance.now();
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    const waited = performance.now() - begun;
    if (waited > timeoutMs) {
      const last = describe === undefined ? "" : `: ${JSON.stringify(await describe())}`;
      throw new Error(`Not within ${timeoutMs / 1000} s: ${what}${last}`);
    }
    await sleep(Math.min(longestPauseMs, Math.max(firstPauseMs, waited / 8)));
  }
}

/** Waits until the API describes the trackers as wanted. */
export function untilTrackers(
  server: PanServer,
  wanted: (shape: TrackersShape) => boolean,
  what: string,
): Promise<TrackersShape> {
  let last: TrackersShape | undefined;
  return eventually(
    async () => {
      last = await server.get<TrackersShape>("/api/trackers");
      return wanted(last) ? last : undefined;
    },
    what,
    { describe: () => last },
  );
}

/** Whether every source of a tracker, or of all of them, is fully synced. */
export function isSynced({ trackers }: TrackersShape, connection?: string): boolean {
  const sources = trackers
    .filter((tracker) => connection === undefined || tracker.connection === connection)
    .flatMap((tracker) => tracker.sources);
  return sources.length > 0 && sources.every(({ lastSyncAt, error }) => lastSyncAt !== null && error === null);
}

/** A home with the emulators' credentials and these projects. */
export function makeHome(options: {
  readonly emulators: readonly Emulator[];
  /** Values that replace the emulators' own, such as wrong tokens. null: unset. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** The content of projects.yaml. */
  readonly projects: string;
  /** The content of config.yaml. */
  readonly config?: string;
}): PanHome {
  const home = makePanHome();
  home.write("env", toEnv(options.emulators, options.env));
  home.write("projects", options.projects);
  if (options.config !== undefined) home.write("config", options.config);
  return home;
}

/** The content of `.panopticon.env`. */
export function toEnv(emulators: readonly Emulator[], other: Readonly<Record<string, string | null>> = {}): string {
  const values = { ...Object.assign({}, ...emulators.map(({ credentials }) => credentials)), ...other };
  return Object.entries(values as Record<string, string | null>)
    .flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}\n`]))
    .join("");
}

/** The key of an emulator's source at an index. */
export function sourceOf(emulator: Emulator, index = 0): string {
  const source = emulator.sources[index];
  if (source === undefined) throw new Error(`${emulator.tracker} has no source number ${index}.`);
  return source.key;
}

/** One project with the first source of a GitHub and a Linear emulator, with the whole history. */
export function oneProject(github: Emulator | null, linear: Emulator | null, history = "all"): string {
  return [
    "projects:\n  one:\n",
    `    history: ${history}\n`,
    github === null ? "" : `    github_repo: ${sourceOf(github)}\n`,
    linear === null ? "" : `    linear_team: ${sourceOf(linear)}\n`,
  ].join("");
}
