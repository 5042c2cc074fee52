import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "../../../emulators/emulator.ts";
import { createRandom, type Random } from "../../../emulators/seed/random.ts";
import { startEmulator } from "../../../emulators/start.ts";
import type { IssueDetailShape, IssueListShape } from "../../../src/server/contract/issue.ts";
import { isSynced, makeHome, oneProject, type PanServer, startPan, untilTrackers } from "../../support/stage.ts";
import { openBrowser, type TestBrowser } from "../open-browser.ts";

export type FlipsStage = {
  readonly random: Random;
  /** The server that runs now. */
  readonly server: PanServer;
  /** Kills the server, and starts another one at the same place a moment later. */
  readonly restart: (afterMs: number) => Promise<void>;
  readonly browser: TestBrowser;
  readonly emulators: readonly Emulator[];
  readonly emulatorOf: (issue: Pick<IssueDetailShape, "tracker">) => Emulator;
  readonly issues: readonly IssueDetailShape[];
  close(): Promise<void>;
};

/** A browser and a `pan up` that has just started with a mirror of a GitHub and a Linear emulator. */
export async function openFlipsStage(seed: number): Promise<FlipsStage> {
  const options = { issues: 12, sources: 1, closed: 0.2, budget: 1_000_000, seed };
  const github = await startEmulator("github", options);
  const linear = await startEmulator("linear", options);
  const home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  const first = await startPan(home);
  await untilTrackers(first, (shape) => isSynced(shape), "synced");
  await first.stop();
  // What a server does in its first seconds takes part.
  let server = await startPan(home);
  const port = new URL(server.url).port;
  // The board folds canceled issues away, where the user would not find them.
  const { issues } = await server.get<IssueListShape>(
    "/api/issues?status=backlog,planning,in_progress,in_review,done&limit=100",
  );
  const browser = await openBrowser();
  return {
    random: createRandom(`flips ${seed}`),
    get server() {
      return server;
    },
    async restart(afterMs) {
      server.process.kill("SIGKILL");
      await server.finished;
      await sleep(afterMs);
      server = await startPan(home, { args: ["--port", port] });
    },
    browser,
    emulators: [github, linear],
    emulatorOf: ({ tracker }) => (tracker === "github" ? github : linear),
    issues: await Promise.all(
      issues.map(({ address }) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(address)}`)),
    ),
    async close() {
      await browser.close();
      await server.stop();
      await Promise.all([github.close(), linear.close()]);
      await home[Symbol.asyncDispose]();
    },
  };
}
