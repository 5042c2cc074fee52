import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "../../emulators/emulator.ts";
import { type Finished, makePanHome, type PanHome } from "../../src/cli/fixture.ts";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";

/** A `pan up` that runs, and its API. */
export type PanServer = {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** What it printed, once it has ended. */
  readonly finished: Promise<Finished>;
  /** Resolves when its output fits. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  get<T>(path: string): Promise<T>;
  /** Sends with the session, and gives the answer whatever it is. */
  ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** SIGTERM, and the end. */
  stop(): Promise<Finished>;
};

/** Starts the real `pan up` in a home on a free port; gives it back when its API answers. */
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

/** How soon an answer that is still missing is asked for again: soon at first, then after an eighth of what it has taken so far, since who asks keeps the asked from working. */
const firstPauseMs = 20;
const longestPauseMs = 300;

/** Asks again and again until the answer is not `undefined`; fails with the last thing that `describe` gave. */
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

/** The trackers as the API tells them, once they are as wanted. */
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

/** Whether every source of a tracker, or of all of them, has been read to its end. */
export function isSynced({ trackers }: TrackersShape, connection?: string): boolean {
  const sources = trackers
    .filter((tracker) => connection === undefined || tracker.connection === connection)
    .flatMap((tracker) => tracker.sources);
  return sources.length > 0 && sources.every(({ lastSyncAt, error }) => lastSyncAt !== null && error === null);
}

/** A home whose keys are those of the emulators, with these projects. */
export function makeHome(options: {
  readonly emulators: readonly Emulator[];
  /** Values that take the place of the emulators' own: wrong tokens. null: not there. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** projects.yaml. */
  readonly projects: string;
  /** config.yaml. */
  readonly config?: string;
}): PanHome {
  const home = makePanHome();
  home.write("env", toEnv(options.emulators, options.env));
  home.write("projects", options.projects);
  if (options.config !== undefined) home.write("config", options.config);
  return home;
}

/** The text of `.panopticon.env`. */
export function toEnv(emulators: readonly Emulator[], other: Readonly<Record<string, string | null>> = {}): string {
  const values = { ...Object.assign({}, ...emulators.map(({ credentials }) => credentials)), ...other };
  return Object.entries(values as Record<string, string | null>)
    .flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}\n`]))
    .join("");
}

/** The key of an emulator's n-th source. */
export function sourceOf(emulator: Emulator, index = 0): string {
  const source = emulator.sources[index];
  if (source === undefined) throw new Error(`${emulator.tracker} has no source number ${index}.`);
  return source.key;
}

/** One project with the first source of a GitHub and of a Linear emulator, whole history. */
export function oneProject(github: Emulator | null, linear: Emulator | null, history = "all"): string {
  return [
    "projects:\n  one:\n",
    `    history: ${history}\n`,
    github === null ? "" : `    github_repo: ${sourceOf(github)}\n`,
    linear === null ? "" : `    linear_team: ${sourceOf(linear)}\n`,
  ].join("");
}
