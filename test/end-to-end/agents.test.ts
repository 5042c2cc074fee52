import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { test } from "node:test";
import type { Emulator, WorldIssue } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import { trackers } from "../../src/trackers/registry.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import type { AgentShape, RequestShape, WorkspaceShape, WorkspacesShape } from "../../src/server/contract/work.ts";
import { panCommand } from "../support/agent-bench.ts";
import { putOnHost } from "../support/emulated-code.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, isSynced, makeHome, type PanServer, sourceOf, startPan, untilTrackers } from "../support/stage.ts";
import { gitEnvironment, makeRepository } from "../support/workbench.ts";

/** One server over all five trackers; one repository, whose remote is on GitHub. Each step is done to an issue of every tracker at once. */
const limit = { timeout: 390_000 };
const patience = 120_000;

let folder: string;
let origin: string;
let checkout: string;
let emulators: readonly Emulator[];
let home: PanHome;
let projects: string;
let server: PanServer;
let isUp = false;

before(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pan-agents-")));
  ({ origin, checkout } = makeRepository(folder));
  emulators = await Promise.all(
    emulatedTrackers.map((tracker) => startEmulator(tracker, { issues: 20, seed: 5, budget: 1_000_000 })),
  );
  putOnHost(emulatorOf("github"), { origin, checkout });
  const sources = emulators.map((emulator) => {
    const key = trackers.find(({ id }) => id === emulator.tracker)?.sourceKeys[0]?.key ?? "";
    return `    ${key}: ${JSON.stringify(sourceOf(emulator))}\n`;
  });
  const agent = JSON.stringify([...panCommand, "agent", "scripted", "{prompt}"]);
  projects = `projects:\n  one:\n    history: all\n    path: ${checkout}\n    agent: scripted\n${sources.join("")}`;
  home = makeHome({
    emulators,
    projects,
    config: `agents:\n  scripted: { command: ${agent}, resume: [--resume] }\n`,
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

function emulatorOf(tracker: string): Emulator {
  return emulators.find((one) => one.tracker === tracker) ?? assert.fail(tracker);
}

/** Kills the server and starts another one. */
async function kill(): Promise<void> {
  server.process.kill("SIGKILL");
  await server.finished;
  server = await startPan(home, { env: gitEnvironment });
}

async function post<T>(path: string, body?: object): Promise<T> {
  const answer = await server.ask("POST", path, body);
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}

/** Requests in flight when the server is killed have no response. */
async function postAndKill(calls: readonly (readonly [path: string, body?: object])[]): Promise<void> {
  const asked = calls.map(([path, body]) => server.ask("POST", path, body).catch(() => null));
  await Promise.race(asked);
  await kill();
  await Promise.all(asked);
}

const issue = (ref: string) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(ref)}`);
const agentsOf = async () => (await server.get<{ agents: AgentShape[] }>("/api/agents")).agents;

async function anIssue(tracker: string, skip = 0): Promise<string> {
  const path = `/api/issues?tracker=${tracker}&status=backlog&limit=${skip + 1}`;
  const { issues } = await server.get<IssueListShape>(path);
  return issues[skip]?.ref ?? assert.fail(`${tracker} has issues in the backlog`);
}

/** The newest agents of these issues, once all are in this state. */
async function untilAll(refs: readonly string[], state: AgentShape["state"]): Promise<readonly AgentShape[]> {
  let last: readonly (AgentShape | undefined)[] = [];
  return eventually(
    async () => {
      const agents = await agentsOf();
      last = refs.map((ref) => agents.find((agent) => agent.ref === ref));
      const failed = last.find((agent) => agent?.state === "failed");
      if (failed !== undefined && state !== "failed") assert.fail(`${failed.ref}: ${failed.reason}`);
      const there = last.filter((agent) => agent?.state === state);
      return there.length === refs.length ? (there as AgentShape[]) : undefined;
    },
    `all agents are ${state}`,
    { timeoutMs: patience, describe: () => last.map((agent) => [agent?.ref, agent?.state, agent?.reason]) },
  );
}

async function untilStatus(refs: readonly string[], status: string): Promise<readonly IssueDetailShape[]> {
  let last: readonly IssueDetailShape[] = [];
  return eventually(
    async () => {
      last = await Promise.all(refs.map(issue));
      return last.every((one) => one.status === status && one.sync.state === "synced") ? last : undefined;
    },
    `all issues are ${status}, and written`,
    {
      timeoutMs: patience,
      describe: () => last.map((one) => [one.ref, one.status, one.sync, one.history.slice(0, 4)]),
    },
  );
}

/** The issue as its tracker has it. */
function worldOf({ tracker, nativeId }: IssueDetailShape): WorldIssue {
  const { world } = emulatorOf(tracker);
  return world.issues().find((one) => one.nativeId === nativeId) ?? assert.fail(nativeId);
}

test(
  "an issue of each tracker: workspace, agent, question, answer, commits, in review, merged, done; the server is killed in the middle of each",
  limit,
  async () => {
    const refs = await Promise.all(emulatedTrackers.map((tracker) => anIssue(tracker)));
    const wait = false;

    await postAndKill(refs.map((ref) => ["/api/workspaces", { ref, wait }]));
    const script = ["ask Shall I?", "write note-{ref}.txt {answer}", "commit Note it", "done"];
    const prompt = `script:\n${script.join("\n")}`;
    await postAndKill(refs.map((ref) => ["/api/agents", { ref, prompt, wait }]));

    // Start the agents that were not started when the server was killed, as a user would.
    for (const ref of refs) {
      const agent = (await agentsOf()).find((one) => one.ref === ref);
      if (agent === undefined) await post("/api/agents", { ref, prompt });
      else if (agent.state === "failed") await post(`/api/agents/${agent.id}/resume`, { prompt });
    }
    const waiting = await untilAll(refs, "waiting");
    for (const agent of waiting) assert.equal(agent.reason, "Shall I?");
    for (const one of await untilStatus(refs, "in_progress")) {
      assert.equal(one.agent?.state, "waiting");
      assert.equal(one.workspace?.branch, waiting.find(({ ref }) => ref === one.ref)?.branch);
    }
    const attached = await home.pan("agent", "attach", refs[0] ?? "");
    assert.deepEqual([attached.code, attached.stderr], [1, "open terminal failed: not a terminal\n"]);
    for (const line of [
      ["agent", "stop", ""],
      ["workspace", "path", ""],
    ]) {
      const { stdout } = await home.pan("completion", "words", "--", ...line);
      assert.deepEqual(stdout.match(/^\S+/gm)?.toSorted(), refs.toSorted(), "those that there are, and no other issue");
    }
    await kill();
    await untilAll(refs, "waiting");

    await postAndKill(waiting.map(({ id }) => [`/api/agents/${id}/message`, { text: "yes; `id`" }]));
    // A message whose response was lost may have been typed; it must not be typed twice.
    for (const { id } of waiting) {
      const { screen } = await server.get<{ screen: string }>(`/api/agents/${id}/screen`);
      if (!/yes; `id`/.test(screen)) await post(`/api/agents/${id}/message`, { text: "yes; `id`" });
    }
    for (const { ref, path } of await untilAll(refs, "finished")) {
      const note = execFileSync("git", ["show", `HEAD:note-${ref}.txt`], { cwd: path ?? "", encoding: "utf8" });
      assert.equal(note, "yes; `id`\n");
    }
    const inReview = await untilStatus(refs, "in_review");
    for (const one of inReview) {
      const { state, labels } = worldOf(one);
      assert.match(
        `${state} ${labels.join(" ")}`,
        /in.?review|completed|fixed/i,
        `${one.tracker}: ${state} ${labels.join()}`,
      );
      const moves = one.history.filter(({ field }) => field === "status").map(({ actor, to }) => `${actor} ${to}`);
      assert.deepEqual(new Set(moves), new Set(["agent scripted in_progress", "agent scripted in_review"]));
    }

    const ids = waiting.map(({ workspace }) => workspace ?? "");
    await postAndKill(ids.map((id) => [`/api/workspaces/${id}/request`, {}]));
    const requests: RequestShape[] = [];
    for (const id of ids) requests.push(await post<RequestShape>(`/api/workspaces/${id}/request`, {}));
    assert.equal(new Set(requests.map(({ number }) => number)).size, refs.length, "one request for each, none twice");
    await untilStatus(refs, "in_review");

    const github = emulatorOf("github");
    for (const { number } of requests) await mergePull(github, number);
    await postAndKill([["/api/trackers/github/sync"]]);
    await post("/api/trackers/github/sync");
    for (const one of await untilStatus(refs, "done")) {
      assert.ok(worldOf(one).closed, `${one.tracker} has it closed`);
    }

    // Squashed commits are preserved, so removing loses nothing.
    for (const ref of refs) {
      const removed = await home.pan("workspace", "remove", ref);
      assert.equal(removed.code, 0, removed.stderr);
    }
  },
);

async function mergePull({ url, credentials, sources }: Emulator, number: number): Promise<void> {
  const response = await fetch(`${url}/repos/${sources[0]?.key}/pulls/${number}/merge`, {
    method: "PUT",
    headers: { authorization: `Bearer ${credentials["GITHUB_TOKEN"]}`, "content-type": "application/json" },
    body: JSON.stringify({ merge_method: "squash" }),
  });
  assert.ok(response.ok, await response.text());
}

test("ten agents at once, on issues whose texts look like commands", limit, async () => {
  const canary = join(folder, "canary");
  const hostile = [
    `$(touch ${canary})`,
    `\`touch ${canary}\``,
    `; touch ${canary} #`,
    `' || touch ${canary} || '`,
    "../../../../etc/passwd",
    "--upload-pack=touch",
    "-",
    "line\r\nbreak\u0000\u001B]0;title\u0007\u202E",
    "🦊 Ünïcödé ".repeat(10),
    "#{pane_current_path} %H {prompt} {mcpConfig}",
  ];
  const linear = emulatorOf("linear");
  for (const text of hostile)
    linear.world.create(sourceOf(linear), { title: text, body: `${text}\n~~~~\n# Plan\n${text}` });
  await post("/api/trackers/linear/sync");
  const { issues } = await server.get<IssueListShape>("/api/issues?tracker=linear&sort=created&limit=10");
  const refs = issues.map(({ ref }) => ref);
  const prompt = "script:\nsay {ref}\nask ready?\nwrite done.txt {answer}\ncommit {answer}\ndone";
  const started = await Promise.all(refs.map((ref) => post<AgentShape>("/api/agents", { ref, prompt })));
  const root = realpathSync(join(home.paths.home, "workspaces"));
  for (const { path, branch } of started) {
    assert.ok(`${realpathSync(path ?? "")}`.startsWith(`${root}${sep}`), path ?? "");
    assert.match(branch ?? "", /^feature\/[a-z0-9-]+$/);
    const state = readFileSync(join(path ?? "", ".panopticon", "STATE.md"), "utf8");
    assert.match(state, /~~~~~text from the tracker/);
  }
  await untilAll(refs, "waiting");
  await Promise.all(started.map(({ id }, index) => post(`/api/agents/${id}/message`, { text: hostile[index] ?? "" })));
  await untilAll(refs, "finished");
  assert.equal(existsSync(canary), false, "nothing of a text was run");
  const { workspaces } = await server.get<WorkspacesShape>("/api/workspaces");
  for (const one of workspaces.filter(({ ref }) => refs.includes(ref))) {
    const changes = await server.get<{ files: { path: string }[] }>(`/api/workspaces/${one.id}/changes`);
    assert.deepEqual(
      changes.files.map(({ path }) => path),
      ["done.txt"],
    );
    assert.equal((await server.ask("DELETE", `/api/workspaces/${one.id}?force=true`)).status, 200);
  }
});

test("a ref under Related issues becomes a relation of both issues, across trackers", limit, async () => {
  const [ref, other] = [await anIssue("github"), await anIssue("linear")];
  const { id } = await post<AgentShape>("/api/agents", { ref, prompt: `script:\nrelated ${other}\nread` });
  const between = (from: string, to: string) =>
    eventually(
      async () => (await issue(from)).relations.find((one) => one.ref === to && one.origin === "made"),
      `${from} is related to ${to}`,
      { describe: async () => (await issue(from)).relations },
    );
  assert.equal((await between(ref, other)).type, "relates");
  assert.equal((await between(other, ref)).type, "relates");
  await post(`/api/agents/${id}/stop`);
});

test("starting an agent shows the output of its workspace's creation", limit, async () => {
  const ref = await anIssue("gitlab");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout });
  const goOn = join(folder, "go-on");
  const wait = `echo slow today >&2; while [ ! -e ${goOn} ]; do sleep 0.1; done; git-upload-pack`;
  git("config", "remote.origin.uploadpack", wait);
  const starting = home.start(["agent", "start", ref, "--prompt", "script:\nread"]);
  await starting.until(/slow today/);
  writeFileSync(goOn, "");
  const { code, stdout, stderr } = await starting.finished;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^scripted is at work on \S+ \(agent \d+\); pan agent attach \d+ shows it\.\n$/);
  git("config", "--unset", "remote.origin.uploadpack");
  await post(`/api/agents/${/agent (\d+)/.exec(stdout)?.[1]}/stop`);
});

test("waiting for a workspace that is removed meanwhile fails with an explanation", limit, async () => {
  const ref = await anIssue("linear");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout });
  git("config", "remote.origin.uploadpack", "sleep 600; git-upload-pack");
  const making = home.pan("workspace", "create", ref);
  await eventually(
    async () =>
      (await server.get<WorkspacesShape>("/api/workspaces")).workspaces.find(
        (one) => one.ref === ref && one.step === "fetch",
      ),
    "it is being made",
  );
  const removed = await home.pan("workspace", "remove", ref);
  assert.equal(removed.code, 0, removed.stderr);
  const told = await making;
  assert.equal(told.code, 5);
  assert.match(told.stderr, /was removed while it was being created/);
  git("config", "--unset", "remote.origin.uploadpack");
});

test("a workspace made without its remote says so once, with what git said", limit, async () => {
  const ref = await anIssue("jira");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout });
  git("config", "remote.origin.uploadpack", "echo no route today >&2; exit 1; git-upload-pack");
  const { code, stdout, stderr } = await home.pan("workspace", "create", ref);
  git("config", "--unset", "remote.origin.uploadpack");
  assert.equal(code, 0, stderr);
  assert.match(stdout, / is in .*, on feature\//);
  assert.equal(stderr.match(/origin could not be asked/g)?.length, 1, stderr);
  // A second call only finds the workspace, and still says where it started.
  assert.match((await home.pan("workspace", "create", ref)).stderr, /origin could not be asked/);
  assert.equal((await home.pan("workspace", "remove", ref)).code, 0);
});

test("a step that fails is reported once, with its output and what to do", limit, async () => {
  const ref = await anIssue("gitlab");
  home.write("projects", `${projects}    workspace: { setup: ["echo no such luck >&2; exit 3"] }\n`);
  const create = () => home.pan("workspace", "create", ref);
  const { code, stderr } = await eventually(async () => {
    const made = await create();
    if (made.code !== 0) return made;
    // The server had not read the file yet.
    await home.pan("workspace", "remove", ref);
    return undefined;
  }, "the step fails");
  assert.equal(code, 1, stderr);
  assert.match(stderr, /\nno such luck\n\(failed with exit code 3\)\n/);
  assert.equal(stderr.match(/” failed with exit code 3: no such luck$/gm)?.length, 1, stderr);
  assert.match(stderr, new RegExp(`Mend it and run pan workspace create ${RegExp.escape(ref)} again`));
  home.write("projects", projects);
  await eventually(async () => {
    assert.equal((await home.pan("workspace", "remove", ref)).code, 0);
    return (await create()).code === 0 || undefined;
  }, "the server has read the file again");
  assert.equal((await home.pan("workspace", "remove", ref)).code, 0);
});

test("the commands create, list, hand in and remove, and list what would be lost", limit, async () => {
  const ref = await anIssue("linear");
  const created = await home.pan("workspace", "create", ref, "--json");
  assert.equal(created.code, 0, created.stderr);
  const workspace = JSON.parse(created.stdout) as WorkspaceShape;
  assert.equal(workspace.state, "ready");
  assert.match(created.stderr, /is on the new branch/);
  assert.equal((await home.pan("workspace", "path", ref)).stdout.trim(), workspace.path);
  const nothing = await home.pan("workspace", "request", ref);
  assert.equal(nothing.code, 5);
  assert.match(nothing.stderr, /There are no commits/);
  execFileSync("sh", ["-c", "echo x > unsaved.txt"], { cwd: workspace.path });
  const refused = await home.pan("workspace", "remove", ref);
  assert.equal(refused.code, 5);
  assert.match(refused.stderr, /unsaved\.txt is not committed/);
  renameSync(workspace.path, `${workspace.path}.away`);
  const gone = await home.pan("workspace", "path", ref);
  assert.deepEqual([gone.code, gone.stdout], [3, ""]);
  assert.match(gone.stderr, /is not there\.\npan workspace create .* creates it again/);
  renameSync(`${workspace.path}.away`, workspace.path);
  assert.equal((await home.pan("workspace", "remove", ref, "--force")).code, 0);
  const unknown = await home.pan("workspace", "path", ref);
  assert.equal(unknown.code, 3);
});
