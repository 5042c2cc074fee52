import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulators, startEmulators } from "../../emulators/start.ts";
import { type PanHome, projectKeys } from "../../src/cli/fixture.ts";
import type { DispatchShape } from "../../src/server/contract/dispatch.ts";
import type { IssueDetailShape, IssueListShape, IssueShape } from "../../src/server/contract/issue.ts";
import type { AgentsShape } from "../../src/server/contract/work.ts";
import { eventually, isSynced, makeHome, type PanServer, startPan, untilTrackers } from "../support/stage.ts";
import { gitEnvironment, makeRepository } from "../support/workbench.ts";
import { makeToldAgents, type ToldAgents } from "./told-agents.ts";

export type DispatchStage = {
  readonly emulators: Emulators;
  readonly home: PanHome;
  /** The running server; replaced after each start. */
  readonly server: PanServer;
  readonly agents: ToldAgents;
  /** Writes projects.yaml; `dispatch`: additional content, such as `rules()`. */
  write(dispatch?: string): void;
  /** The state of dispatch. */
  dispatch(): Promise<DispatchShape>;
  /** Waits for a state of dispatch. */
  until<T>(wanted: (shape: DispatchShape) => T | undefined, what: string): Promise<T>;
  untilRunning(ref: string): Promise<DispatchShape>;
  issue(ref: string): Promise<IssueDetailShape>;
  patch(ref: string, change: Record<string, unknown>): Promise<IssueShape>;
  /** A tracker's unblocked issues. */
  backlog(tracker: string): Promise<readonly IssueShape[]>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Kills the server with SIGKILL and starts the next one. */
  killAndStart(): Promise<void>;
  close(): Promise<void>;
};

/** A `pan up` over emulators of all trackers; its one project has a checkout, and agents follow the test's instructions. Dispatch is off. */
export async function openDispatchStage(): Promise<DispatchStage> {
  const folder = mkdtempSync(join(tmpdir(), "pan-dispatch-"));
  const agents = makeToldAgents(folder);
  const { checkout } = makeRepository(folder);
  const { emulators, close: closeEmulators } = await startEmulators({ issues: 14, seed: 5, sources: 1 });
  const projects = `projects:\n  one:\n    history: all\n    path: ${checkout}\n    agent: told\n    workspace: { setup: ["sleep 0.7"] }\n${projectKeys(emulators, 0)}`;
  const home = makeHome({
    emulators: Object.values(emulators),
    projects,
    config: `agents:\n  told: { command: ${JSON.stringify(agents.command)} }\n`,
  });
  let server = await startPan(home, { env: gitEnvironment });
  let isUp = true;
  await untilTrackers(server, (shape) => isSynced(shape), "all is mirrored");

  const write = (dispatch = "") => home.write("projects", projects + dispatch);
  const dispatch = () => server.get<DispatchShape>("/api/dispatch");
  const until: DispatchStage["until"] = (wanted, what) =>
    eventually(async () => wanted(await dispatch()), what, { timeoutMs: 60_000, describe: dispatch });

  async function start(): Promise<void> {
    server = await startPan(home, { env: gitEnvironment });
    isUp = true;
  }

  return {
    emulators,
    home,
    get server() {
      return server;
    },
    agents,
    write,
    dispatch,
    until,
    untilRunning: (ref) =>
      until((shape) => (claimOf(shape, ref)?.agent?.state === "running" ? shape : undefined), `${ref} is at work`),
    issue: (ref) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(ref)}`),
    async patch(ref, change) {
      const { status, body } = await server.ask("PATCH", `/api/issues/${encodeURIComponent(ref)}`, change);
      assert.equal(status, 200, JSON.stringify(body));
      return body as IssueShape;
    },
    async backlog(tracker) {
      const { issues } = await server.get<IssueListShape>(
        `/api/issues?tracker=${tracker}&status=backlog&sort=created&limit=20`,
      );
      return issues.filter(({ blockedBy }) => blockedBy.length === 0);
    },
    async stop() {
      await server.stop();
      isUp = false;
    },
    start,
    async killAndStart() {
      server.process.kill("SIGKILL");
      await server.finished;
      isUp = false;
      await start();
    },
    async close() {
      if (isUp) {
        write();
        await until((shape) => (shape.enabled ? undefined : true), "dispatch is off");
        for (const { id } of (await server.get<AgentsShape>("/api/agents")).agents) {
          await server.ask("POST", `/api/agents/${id}/stop`);
        }
        await server.stop();
      }
      await closeEmulators();
      agents.close();
      await home[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Rules for issues labelled `agent`, with a limit of concurrent agents; `more`: additional lines. */
export const rules = (more = "", total = 2) =>
  `dispatch:\n  when: { labels: [agent] }\n  limit: { total: ${total} }\n  retries: { backoff: 1s, attempts: 2 }\n  turns: 5\n${more}`;

export const claimOf = ({ claimed }: DispatchShape, ref: string) => claimed.find((one) => one.ref === ref);
