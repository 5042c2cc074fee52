import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../../emulators/emulator.ts";
import { startEmulators } from "../../../emulators/start.ts";
import { makePanHome, projectKeys } from "../../../src/cli/fixture.ts";
import type { TrackersShape } from "../../../src/server/contract/tracker.ts";
import { panCommand } from "../../support/agent-bench.ts";
import { putOnHost } from "../../support/emulated-code.ts";
import { eventually, isSynced, type PanServer, startPan, toEnv, untilTrackers } from "../../support/stage.ts";
import { gitEnvironment, makeRepository } from "../../support/workbench.ts";
import { openBrowser, type TestBrowser } from "../open-browser.ts";
import { type Relay, startRelay } from "../relay.ts";

export type RandomStage = {
  readonly emulators: readonly Emulator[];
  readonly browser: TestBrowser;
  readonly relay: Relay;
  /** The current server, or the last one. */
  server(): PanServer;
  /** The server's origin for the browser. */
  readonly origin: string;
  readonly signInAddress: string;
  isUp(): boolean;
  /** Resolves once the server responds; whoever kills it starts it again. */
  untilUp(): Promise<true>;
  kill(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  restart(): Promise<void>;
  /** Corrupts one of the user's files, like a half-finished manual edit. */
  breakFile(which: "env" | "projects"): void;
  /** Restores the user's files and waits until the server has everything they name. */
  mend(): Promise<void>;
  close(): Promise<void>;
};

/** A browser and a server that mirrors all five emulators, with code and an agent for one project; each part can fail. */
export async function openRandomStage(seed: number, issues = 16): Promise<RandomStage> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pan-random-")));
  const { emulators, close: closeEmulators } = await startEmulators({
    issues,
    seed,
    sources: 2,
    closed: 0.3,
    budget: 1_000_000,
  });
  const code = makeRepository(folder);
  if (emulators["github"] !== undefined) putOnHost(emulators["github"], code);
  const home = makePanHome();
  const all = Object.values(emulators);
  const files = {
    env: toEnv(all),
    projects: `projects:\n  one:\n    history: all\n${projectKeys(emulators, 0)}    path: ${code.checkout}\n    agent: scripted\n  two:\n    history: all\n${projectKeys(emulators, 1)}`,
  };
  const names = ["env", "projects"] as const;
  for (const name of names) home.write(name, files[name]);
  home.write(
    "config",
    `agents:\n  scripted: { command: ${JSON.stringify([...panCommand, "agent", "scripted", "{prompt}"])}, resume: [] }\n`,
  );
  let server = await startPan(home, { env: gitEnvironment });
  await untilTrackers(server, (shape: TrackersShape) => isSynced(shape), "synced");
  const { port } = new URL(server.url);
  const relay = await startRelay(Number(port));
  const browser = await openBrowser({
    switches: [`--host-resolver-rules=MAP localhost:${port} 127.0.0.1:${relay.port}`],
  });
  let up = true;
  const origin = `http://localhost:${port}`;
  return {
    emulators: all,
    browser,
    relay,
    server: () => server,
    origin,
    signInAddress: `${origin}/?token=${server.token}`,
    isUp: () => up,
    untilUp: () => eventually(() => (up ? true : undefined), "the server is up again"),
    async kill(signal) {
      up = false;
      server.process.kill(signal);
      await server.finished;
    },
    async restart() {
      if (up) return;
      server = await startPan(home, { env: gitEnvironment, args: ["--port", port] });
      await eventually(async () => ((await fetch(`${server.url}/api/health`)).ok ? true : undefined), "up");
      up = true;
    },
    breakFile: (which) =>
      home.write(which, which === "env" ? "GITHUB_TOKEN=gone\n" : `${files.projects}  three:\n    nonsense`),
    async mend() {
      const paths = { env: home.paths.envFile, projects: home.paths.projectsFile };
      const mendFiles = () => {
        const changed = names.filter((name) => readFileSync(paths[name], "utf8") !== files[name]);
        for (const name of changed) home.write(name, files[name]);
        return changed.length > 0;
      };
      if (!mendFiles()) return;
      await untilTrackers(
        server,
        ({ trackers, problems }) =>
          // A page's save may arrive after the first restore.
          !mendFiles() && problems.length === 0 && trackers.every(({ health }) => health !== "not_configured"),
        "the files are read again",
      );
    },
    async close() {
      await browser.close();
      relay.close();
      if (up) {
        const { agents } = await server.get<{ agents: { id: string }[] }>("/api/agents");
        for (const { id } of agents) await server.ask("POST", `/api/agents/${id}/stop`);
        await server.stop();
      }
      await closeEmulators();
      await home[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
