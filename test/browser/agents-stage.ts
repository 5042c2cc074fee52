import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import type { AgentShape } from "../../src/server/contract/work.ts";
import { panCommand } from "../support/agent-bench.ts";
import { goTo } from "../support/board.ts";
import { putOnHost } from "../support/emulated-code.ts";
import {
  eventually,
  isSynced,
  makeHome,
  oneProject,
  type PanServer,
  sourceOf,
  startPan,
  untilTrackers,
} from "../support/stage.ts";
import { gitEnvironment, makeRepository } from "../support/workbench.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

export type AgentsStage = {
  readonly github: Emulator;
  readonly gitlab: Emulator;
  readonly server: PanServer;
  readonly browser: TestBrowser;
  /** The path of the server's database. */
  readonly database: string;
  /** Fixes the setup command that fails in GitLab's workspaces. */
  mendSetup(): void;
  /** The agent on an issue; throws if there is none. */
  agentOf(ref: string): Promise<AgentShape>;
  /** The ref of the issue at an index among those without an agent. */
  freeIssue(at: number, tracker?: string): Promise<string>;
  issue(ref: string): Promise<IssueDetailShape>;
  /** Opens the board filtered to one tracker, so that its cards are rendered. */
  goToGithub(page: Page): Promise<void>;
  /** Starts an agent through the API. */
  start(ref: string, script: readonly string[]): Promise<AgentShape>;
  /** Stops the server; its agents go on. Call what it returns to start the server again, at the same address. */
  leave(): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

/** A browser and a server whose projects, of a GitHub and a GitLab emulator, have code on both hosts and a scripted agent. */
export async function openAgentsStage(open = () => openBrowser()): Promise<AgentsStage> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pan-web-agents-")));
  const [github, gitlab] = (await Promise.all(
    ["github", "gitlab"].map((tracker) => startEmulator(tracker, { issues: 40, seed: 5, sources: 1 })),
  )) as [Emulator, Emulator];
  const [one, two] = [github, gitlab].map((emulator) => {
    const own = join(folder, emulator.tracker);
    mkdirSync(own);
    const code = makeRepository(own);
    putOnHost(emulator, code);
    return code.checkout;
  });
  const mended = join(folder, "mended");
  const setup = `    workspace: { setup: ["test -e ${mended}"] }\n`;
  const other = `  two:\n    history: all\n    gitlab_project: ${sourceOf(gitlab)}\n    path: ${two}\n    agent: scripted\n${setup}`;
  const home = makeHome({
    emulators: [github, gitlab],
    projects: `${oneProject(github, null)}    path: ${one}\n    agent: scripted\n${other}`,
    config: `agents:\n  scripted: { command: ${JSON.stringify([...panCommand, "agent", "scripted", "{prompt}"])}, resume: [] }\n`,
  });
  const server = await startPan(home, { env: gitEnvironment });
  await untilTrackers(server, (shape) => isSynced(shape), "all is mirrored");
  let running = server;
  const browser = await open();
  browser.context.setDefaultTimeout(45_000);
  const agents = async () => (await server.get<{ agents: AgentShape[] }>("/api/agents")).agents;
  return {
    github,
    gitlab,
    server,
    browser,
    database: home.paths.databaseFile,
    mendSetup: () => writeFileSync(mended, ""),
    async agentOf(ref) {
      const found = (await agents()).find((agent) => agent.ref === ref);
      assert.ok(found, `an agent is on ${ref}`);
      return found;
    },
    async freeIssue(at, tracker = "github") {
      const { issues } = await server.get<IssueListShape>(
        `/api/issues?status=backlog,planning,in_progress&sort=created&limit=20&tracker=${tracker}`,
      );
      const ref = issues[at]?.ref;
      assert.ok(ref, "there is an issue in the backlog");
      return ref;
    },
    issue: (ref) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(ref)}`),
    async goToGithub(page) {
      await goTo(page, server, "/?tracker=github");
      await page.waitForSelector(".bar");
    },
    async start(ref, script) {
      const prompt = `script:\n${script.join("\n")}`;
      const started = await server.ask("POST", "/api/agents", { ref, agent: "scripted", prompt });
      assert.equal(started.status, 201, JSON.stringify(started.body));
      return started.body as AgentShape;
    },
    async leave() {
      await running.stop();
      const { port } = new URL(server.url);
      return async () => {
        running = await startPan(home, { env: gitEnvironment, args: ["--port", port] });
      };
    },
    async close() {
      await browser.close();
      for (const { id } of await agents()) await server.ask("POST", `/api/agents/${id}/stop`);
      await running.stop();
      await Promise.all([github.close(), gitlab.close()]);
      await home[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The text in a page's terminal. */
export const screenText = (page: Page) => page.locator(".xterm-rows").first().innerText();

/** Waits until a page's terminal matches. */
export const untilScreen = (page: Page, pattern: RegExp) =>
  eventually(async () => (pattern.test(await screenText(page)) ? true : undefined), `it shows ${String(pattern)}`, {
    describe: () => screenText(page),
  });
