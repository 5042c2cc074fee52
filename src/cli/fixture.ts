import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulators, type Emulators } from "../../emulators/start.ts";
import { writeFileAtomically } from "../config/atomic-file.ts";
import type { Paths } from "../config/config.ts";
import { resolvePaths } from "../config/paths.ts";
import { trackers } from "../trackers/registry.ts";
import type { Stream } from "./printing/output.ts";
import { run } from "./run.ts";

/** `npm test` passes the bundle it built, which starts in half the time. */
const main = process.env["PAN_UNDER_TEST"] ?? join(import.meta.dirname, "main.ts");

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A running pan: its output so far, and its end. */
type RunningPan = {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves with the match once standard output or error matches; rejects if the process ends first. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
};

/** A home folder in which real `pan` processes run. */
export type PanHome = {
  readonly folder: string;
  readonly paths: Paths;
  write(which: "env" | "projects" | "config", text: string): void;
  /** Runs a command to its end. */
  pan(...args: string[]): Promise<Finished>;
  /** Runs a command inside this process, in a tenth of the time. */
  here(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
  start(
    args: readonly string[],
    options?: { readonly env?: Record<string, string>; readonly cwd?: string },
  ): RunningPan;
  /** Ends running processes and removes the folder. */
  [Symbol.asyncDispose](): Promise<void>;
};

export function makePanHome(): PanHome {
  const folder = mkdtempSync(join(tmpdir(), "panopticon-cli-"));
  // Pass only what a process needs, so that the developer's own keys stay out.
  const base = {
    NODE_OPTIONS: process.env["NODE_OPTIONS"] ?? "",
    ...(process.env["NODE_COMPILE_CACHE"] !== undefined && { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] }),
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    PANOPTICON_HOME: folder,
    CI: "1",
  };
  const paths = resolvePaths(base);
  const running = new Set<RunningPan>();

  const start: PanHome["start"] = (args, { env = {}, cwd = folder } = {}) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
      cwd,
      env: { ...base, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    const waiting = new Set<() => void>();
    const notify = () => {
      for (const check of waiting) check();
    };
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      stdout += part;
      notify();
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      stderr += part;
      notify();
    });
    const finished = new Promise<Finished>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout, stderr }));
    });
    const pan: RunningPan = {
      process: child,
      finished,
      until: (pattern) =>
        new Promise((resolve, reject) => {
          const check = () => {
            const match = pattern.exec(stdout) ?? pattern.exec(stderr);
            if (match === null) return;
            waiting.delete(check);
            resolve(match);
          };
          waiting.add(check);
          check();
          void finished.then(({ code }) =>
            reject(new Error(`pan ${args.join(" ")} ended with ${code} before ${pattern}:\n${stdout}${stderr}`)),
          );
        }),
    };
    running.add(pan);
    void finished.finally(() => running.delete(pan));
    return pan;
  };

  const files = { env: paths.envFile, projects: paths.projectsFile, config: paths.configFile };
  return {
    folder,
    paths,
    write: (which, text) => writeFileAtomically(files[which], text, 0o600),
    pan: (...args) => start(args).finished,
    async here(args, env = {}) {
      const written = { stdout: "", stderr: "" };
      const into = (name: keyof typeof written): Stream => ({
        write(part: string | Uint8Array) {
          written[name] += String(part);
          return true;
        },
      });
      const code = await run(args, { ...base, ...env }, { stdout: into("stdout"), stderr: into("stderr") });
      return { code, ...written };
    },
    start,
    async [Symbol.asyncDispose]() {
      for (const pan of running) pan.process.kill("SIGTERM");
      await Promise.all([...running].map((pan) => pan.finished));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A home with keys and projects for emulators with this many issues each; project `one` has the first sources, `two` the second. */
export async function makeEmulatedHome(issues: number): Promise<PanHome & { readonly emulators: Emulators }> {
  const started = await startEmulators({ issues, seed: 3 });
  const home = makePanHome();
  const keys = Object.values(started.emulators).flatMap(({ credentials }) => Object.entries(credentials));
  home.write("env", keys.map(([key, value]) => `${key}=${value}\n`).join(""));
  const sources = (index: number) => projectKeys(started.emulators, index);
  home.write("projects", `projects:\n  one:\n    history: all\n${sources(0)}  two:\n    history: all\n${sources(1)}`);
  return {
    ...home,
    emulators: started.emulators,
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await started.close();
    },
  };
}

/** The projects.yaml source keys for a project with each emulator's source at this index. */
export function projectKeys(emulators: Emulators, index: number): string {
  return Object.values(emulators)
    .map(({ tracker, sources }) => `    ${sourceKeyOf(tracker)}: ${sources[index]?.key ?? ""}\n`)
    .join("");
}

function sourceKeyOf(tracker: string): string {
  const key = trackers.find(({ id }) => id === tracker)?.sourceKeys[0]?.key;
  if (key === undefined) throw new Error(`${tracker} has no source key.`);
  return key;
}
