import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import type { AgentShape, WorkspaceShape } from "../../src/server/contract/work.ts";
import { panCommand } from "../support/agent-bench.ts";
import {
  eventually,
  isSynced,
  makeHome,
  oneProject,
  type PanServer,
  startPan,
  untilTrackers,
} from "../support/stage.ts";
import { gitEnvironment, makeRepository } from "../support/workbench.ts";

const limit = { timeout: 240_000 };

let folder: string;
let emulators: readonly Emulator[];
let home: PanHome;
let server: PanServer;
let isUp = false;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pan-agents-"));
  const { checkout } = makeRepository(folder);
  emulators = [
    await startEmulator("github", { issues: 40, seed: 5 }),
    await startEmulator("linear", { issues: 40, seed: 5 }),
  ];
  const [github = null, linear = null] = emulators;
  home = makeHome({
    emulators,
    projects: `${oneProject(github, linear)}    path: ${checkout}\n    agent: scripted\n`,
    config: `agents:\n  scripted: { command: ${JSON.stringify([...panCommand, "agent", "scripted", "{prompt}"])}, resume: ["--resume=yes"] }\n`,
  });
  server = await startPan(home, { env: gitEnvironment });
  isUp = true;
  await untilTrackers(server, (shape) => isSynced(shape), "all is mirrored");
});
after(async () => {
  if (isUp) {
    for (const { id } of (await server.get<{ agents: AgentShape[] }>("/api/agents")).agents) {
      await server.ask("POST", `/api/agents/${id}/stop`);
    }
    await server.stop();
  }
  for (const emulator of emulators) await emulator.close();
  await home[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const issue = (ref: string) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(ref)}`);

async function anIssue(tracker: string): Promise<string> {
  const { issues } = await server.get<IssueListShape>(`/api/issues?tracker=${tracker}&status=backlog&limit=1`);
  const [first] = issues;
  assert.ok(first, `${tracker} has an issue in the backlog`);
  return first.ref;
}

async function untilAgent(id: string, state: string): Promise<AgentShape> {
  return eventually(
    async () => {
      const agent = await server.get<AgentShape>(`/api/agents/${id}`);
      return agent.state === state ? agent : undefined;
    },
    `the agent is ${state}`,
    { timeoutMs: 60_000, describe: () => server.get(`/api/agents/${id}/screen`) },
  );
}

const untilStatus = (ref: string, status: string) =>
  eventually(async () => ((await issue(ref)).status === status ? true : undefined), `${ref} is ${status}`, {
    timeoutMs: 60_000,
    describe: async () => (await issue(ref)).history,
  });

for (const tracker of ["github", "linear"]) {
  test(
    `${tracker}: issue, workspace, agent, question, answer, commits, in review; through a kill -9`,
    limit,
    async () => {
      const ref = await anIssue(tracker);
      const script = ["ask Shall I?", "write note.txt {answer}", "commit Note it", "done"];
      const started = await server.ask("POST", "/api/agents", { ref, prompt: `script:\n${script.join("\n")}` });
      assert.equal(started.status, 201, JSON.stringify(started.body));
      const { id, branch, path } = started.body as AgentShape;
      const waiting = await untilAgent(id, "waiting");
      assert.equal(waiting.reason, "Shall I?");
      await untilStatus(ref, "in_progress");
      const card = await issue(ref);
      assert.deepEqual([card.workspace?.branch, card.agent?.state], [branch, "waiting"]);

      // The server dies where it stands; the agent does not notice.
      server.process.kill("SIGKILL");
      await server.finished;
      server = await startPan(home, { env: gitEnvironment });
      assert.equal((await untilAgent(id, "waiting")).reason, "Shall I?");

      assert.equal((await server.ask("POST", `/api/agents/${id}/message`, { text: "yes; `id`" })).status, 200);
      await untilAgent(id, "finished");
      assert.equal(
        execFileSync("git", ["show", "HEAD:note.txt"], { cwd: path ?? "", encoding: "utf8" }),
        "yes; `id`\n",
      );
      await untilStatus(ref, "in_review");
      const moves = (await issue(ref)).history.filter(({ field }) => field === "status");
      assert.deepEqual(moves.map(({ actor, to }) => `${actor} ${to}`).toReversed(), [
        "agent scripted in_progress",
        "agent scripted in_review",
      ]);
    },
  );
}

test("a ref under Related issues becomes a relation of both issues, across trackers", limit, async () => {
  const [ref, other] = [await anIssue("github"), await anIssue("linear")];
  const started = await server.ask("POST", "/api/agents", { ref, prompt: `script:\nrelated ${other}\nread` });
  assert.equal(started.status, 201, JSON.stringify(started.body));
  const between = (from: string, to: string) =>
    eventually(
      async () => (await issue(from)).relations.find((one) => one.ref === to && one.origin === "made"),
      `${from} is related to ${to}`,
      { describe: async () => (await issue(from)).relations },
    );
  assert.equal((await between(ref, other)).type, "relates");
  assert.equal((await between(other, ref)).type, "relates");
  await server.ask("POST", `/api/agents/${(started.body as AgentShape).id}/stop`);
});

test("the commands make, list and remove, and say what would be lost", limit, async () => {
  const ref = await anIssue("linear");
  const created = await home.pan("workspace", "create", ref, "--json");
  assert.equal(created.code, 0, created.stderr);
  const workspace = JSON.parse(created.stdout) as WorkspaceShape;
  assert.equal(workspace.state, "ready");
  assert.match(created.stderr, /is on the new branch/);
  assert.equal((await home.pan("workspace", "path", ref)).stdout.trim(), workspace.path);
  execFileSync("sh", ["-c", "echo x > unsaved.txt"], { cwd: workspace.path });
  const refused = await home.pan("workspace", "remove", ref);
  assert.equal(refused.code, 5);
  assert.match(refused.stderr, /unsaved\.txt is not committed/);
  assert.equal((await home.pan("workspace", "remove", ref, "--force")).code, 0);
  const unknown = await home.pan("workspace", "path", ref);
  assert.equal(unknown.code, 3);
});
