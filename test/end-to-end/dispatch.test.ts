import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Emulators, startEmulators } from "../../emulators/start.ts";
import { type PanHome, projectKeys } from "../../src/cli/fixture.ts";
import type { DispatchShape } from "../../src/server/contract/dispatch.ts";
import type { IssueDetailShape, IssueListShape, IssueShape } from "../../src/server/contract/issue.ts";
import type { AgentsShape, WorkspacesShape } from "../../src/server/contract/work.ts";
import { eventually, isSynced, makeHome, type PanServer, startPan, untilTrackers } from "../support/stage.ts";
import { gitEnvironment, makeRepository } from "../support/workbench.ts";

const limit = { timeout: 240_000 };
const trackers = ["github", "linear", "jira", "gitlab", "rally"] as const;

/** Writes down that it was started, and does what it is told through a file that is named after its issue. */
const agentScript = `#!/bin/sh
ref=$(printf %s "$PANOPTICON_REF" | tr -c 'A-Za-z0-9' _)
echo "$ref $$" >> "$1/starts"
while :; do
  if [ -f "$1/$ref" ]; then
    told=$(cat "$1/$ref")
    rm "$1/$ref"
    case $told in
      commit) echo x > note.txt; git add note.txt; git commit -qm Note; git push -q origin HEAD; exit 0 ;;
      *) exit "$told" ;;
    esac
  fi
  sleep 0.05
done
`;

let folder: string;
let control: string;
let emulators: Emulators;
let closeEmulators: () => Promise<void>;
let home: PanHome;
let server: PanServer;
let isUp = false;
let projects: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pan-dispatch-"));
  control = join(folder, "control");
  mkdirSync(control);
  const program = join(folder, "agent.sh");
  writeFileSync(program, agentScript);
  chmodSync(program, 0o755);
  const { checkout } = makeRepository(folder);
  const started = await startEmulators({ issues: 14, seed: 5, sources: 1, only: [...trackers] });
  emulators = started.emulators;
  closeEmulators = () => started.close();
  projects = `projects:\n  one:\n    history: all\n    path: ${checkout}\n    agent: told\n    workspace: { setup: ["sleep 0.7"] }\n${projectKeys(emulators, 0)}`;
  home = makeHome({
    emulators: Object.values(emulators),
    projects,
    config: `agents:\n  told: { command: ${JSON.stringify([program, control, "{promptFile}"])} }\n`,
  });
  server = await startPan(home, { env: gitEnvironment });
  isUp = true;
  await untilTrackers(server, (shape) => isSynced(shape), "all is mirrored");
});
after(async () => {
  if (isUp) {
    home.write("projects", projects);
    await until((shape) => (shape.enabled ? undefined : true), "dispatch is off");
    for (const { id } of (await server.get<AgentsShape>("/api/agents")).agents) {
      await server.ask("POST", `/api/agents/${id}/stop`);
    }
    await server.stop();
  }
  await closeEmulators();
  for (const pid of everyStart()) if (isAlive(pid)) process.kill(pid);
  await home[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const dispatch = () => server.get<DispatchShape>("/api/dispatch");
const issue = (ref: string) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(ref)}`);
const safe = (ref: string) => ref.replaceAll(/[^A-Za-z0-9]/g, "_");

/** Process ids of all agents that were started, of those on one issue where that is given. */
function everyStart(ref?: string): readonly number[] {
  if (!existsSync(join(control, "starts"))) return [];
  const lines = readFileSync(join(control, "starts"), "utf8").trim().split("\n");
  return lines.flatMap((line) => {
    const [name, pid] = line.split(" ");
    return ref === undefined || name === safe(ref) ? [Number(pid)] : [];
  });
}

const startsOf = (ref: string) => everyStart(ref);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

const tell = (ref: string, what: string) => writeFileSync(join(control, safe(ref)), what);

async function patch(ref: string, change: Record<string, unknown>): Promise<IssueShape> {
  const { status, body } = await server.ask("PATCH", `/api/issues/${encodeURIComponent(ref)}`, change);
  assert.equal(status, 200, JSON.stringify(body));
  return body as IssueShape;
}

async function backlog(tracker: string): Promise<readonly IssueShape[]> {
  const { issues } = await server.get<IssueListShape>(
    `/api/issues?tracker=${tracker}&status=backlog&sort=created&limit=20`,
  );
  return issues.filter(({ blockedBy }) => blockedBy.length === 0);
}

/** How dispatch stands, once that is as wanted. */
function until<T>(wanted: (shape: DispatchShape) => T | undefined, what: string): Promise<T> {
  return eventually(async () => wanted(await dispatch()), what, { timeoutMs: 60_000, describe: dispatch });
}

const claimOf = ({ claimed }: DispatchShape, ref: string) => claimed.find((one) => one.ref === ref);
const untilRunning = (ref: string) =>
  until((shape) => (claimOf(shape, ref)?.agent?.state === "running" ? shape : undefined), `${ref} is at work`);

/** The agent that is alive on an issue, once there is one. */
const untilStarted = (ref: string) =>
  eventually(() => startsOf(ref).filter(isAlive)[0], `${ref} has an agent that lives`, {
    describe: () => startsOf(ref),
  });

const rules = (more = "", total = 2) =>
  `${projects}dispatch:\n  when: { labels: [agent] }\n  limit: { total: ${total} }\n  retries: { backoff: 1s, attempts: 2 }\n  turns: 5\n${more}`;

let first: readonly string[];
let third: string;
let blocked: string;
let blocker: string;

test("off by default, and a dry run says so", limit, async () => {
  const shape = await dispatch();
  assert.deepEqual([shape.enabled, shape.start, shape.claimed], [false, [], []]);
  const { code, stderr } = await home.pan("dispatch", "--dry-run");
  assert.equal(code, 0);
  assert.match(stderr, /Dispatch is off/);
});

test("rules that are for every issue are said to be, wherever they are looked at", limit, async () => {
  // With no slot for any of them, nothing starts.
  home.write("projects", `${projects}dispatch: { limit: { per_status: { backlog: 0, planning: 0 } } }\n`);
  const shape = await until((now) => (now.enabled ? now : undefined), "dispatch is on");
  assert.match(shape.warning ?? "", /every issue that is Backlog or Planning starts an agent, whosever it is/);
  const dry = await home.pan("dispatch", "--dry-run");
  assert.equal(dry.code, 0);
  assert.match(dry.stderr, /every issue that is Backlog or Planning starts an agent/);
  assert.match(dry.stdout, /no free slot for Backlog: 0 of 0 agents are at work/);
  assert.deepEqual([shape.start, shape.claimed], [[], []]);

  home.write("projects", projects);
  await until((now) => (now.enabled ? undefined : now), "dispatch is off again");
});

test("issues of three trackers start in order, within the limit, each other one with its reason", limit, async () => {
  const [github = [], linear = [], jira = []] = await Promise.all(["github", "linear", "jira"].map(backlog));
  const [one, four] = github;
  const [two, five] = linear;
  const [three] = jira;
  assert.ok(one && two && three && four && five);
  await patch(one.address, { addLabels: ["agent"], priority: undefined });
  await patch(two.address, { addLabels: ["agent"], priority: "urgent" });
  await patch(three.address, { addLabels: ["agent"], priority: "high" });
  await patch(four.address, { addLabels: ["agent"] });
  blocked = four.ref;
  blocker = five.ref;
  const related = await server.ask("POST", `/api/issues/${encodeURIComponent(four.address)}/relations`, {
    type: "blocked_by",
    ref: five.address,
  });
  assert.equal(related.status, 201, JSON.stringify(related.body));
  first = [two.ref, three.ref];
  third = one.ref;

  home.write("projects", rules());
  const shape = await until(
    ({ claimed, ...rest }) => (claimed.length === 2 ? { claimed, ...rest } : undefined),
    "two are taken",
  );
  assert.deepEqual(shape.claimed.map(({ ref }) => ref).toSorted(), first.toSorted());

  // The server dies while the first workspaces are being made: nothing is forgotten, and nothing started twice.
  server.process.kill("SIGKILL");
  await server.finished;
  isUp = false;
  server = await startPan(home, { env: gitEnvironment });
  isUp = true;
  for (const ref of first) await untilRunning(ref);
  for (const ref of first) {
    await untilStarted(ref);
    assert.equal(startsOf(ref).filter(isAlive).length, 1, `one agent on ${ref}`);
  }
  const now = await dispatch();
  assert.deepEqual([now.claimed.length, now.slots], [2, { used: 2, total: 2 }]);
  const reasons = new Map(now.others.map(({ ref, reason }) => [ref, reason]));
  assert.equal(reasons.get(third), "no free slot: 2 of 2 agents are at work");
  assert.equal(reasons.get(blocked), `blocked by ${blocker}`);
  assert.equal(now.warning, null);
  const { stdout, code } = await home.pan("dispatch", "--dry-run");
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`${RegExp.escape(blocked)}.*blocked by ${RegExp.escape(blocker)}`));
});

test("kill -9 while they work: the next server finds them at work", limit, async () => {
  const before = first.map((ref) => startsOf(ref));
  server.process.kill("SIGKILL");
  await server.finished;
  isUp = false;
  server = await startPan(home, { env: gitEnvironment });
  isUp = true;
  for (const ref of first) await untilRunning(ref);
  assert.deepEqual(
    first.map((ref) => startsOf(ref)),
    before,
  );
});

test("one that fails is tried again, and given up after so many failures", limit, async () => {
  const [ref = ""] = first;
  const count = startsOf(ref).length;
  // Whoever waits out a failure leaves the slot to others: there is one for each now.
  home.write("projects", rules("", 3));
  await untilRunning(third);
  tell(ref, "3");
  await until((shape) => (claimOf(shape, ref)?.failures === 1 ? shape : undefined), "a failure is counted");
  await eventually(() => (startsOf(ref).length === count + 1 ? true : undefined), "it is started again");
  await untilRunning(ref);
  tell(ref, "3");
  const given = await until((shape) => {
    const claim = claimOf(shape, ref);
    return claim?.ended === true || claim === undefined ? (claim ?? null) : undefined;
  }, "it is given up");
  // In progress it matches no longer, so the row itself is soon gone.
  assert.match(given?.reason ?? "it failed 2 times in a row: exit 3", /it failed 2 times in a row: exit 3/);
  assert.equal(startsOf(ref).length, count + 1);
});

test("one that hands in waits for its review and holds no slot", limit, async () => {
  const [, ref = ""] = first;
  await untilRunning(third);
  tell(ref, "commit");
  await until(
    (shape) => (claimOf(shape, ref)?.reason === "handed in, waits for its review" ? shape : undefined),
    "it is handed in",
  );
  assert.equal((await issue(ref)).status, "in_review");
  assert.equal((await dispatch()).slots.used, 1);
});

test("a clean exit that hands nothing in is followed by the next turn in the same workspace", limit, async () => {
  const turns = claimOf(await dispatch(), third)?.turns ?? 0;
  const workspace = (await issue(third)).workspace?.id;
  await untilStarted(third);
  tell(third, "0");
  await until((shape) => (claimOf(shape, third)?.turns === turns + 1 ? shape : undefined), "the next turn");
  await untilRunning(third);
  assert.equal((await issue(third)).workspace?.id, workspace);
});

test("an issue that somebody moves is let go: the agent stops, the workspace stays", limit, async () => {
  const pid = await untilStarted(third);
  await patch(third, { status: "in_review" });
  await eventually(() => (isAlive(pid) ? undefined : true), "its agent is stopped");
  await until((shape) => (claimOf(shape, third)?.ended !== false ? true : undefined), "it is let go");
  assert.notEqual((await issue(third)).workspace, null);
});

test("what another tracker blocks starts when that is done", limit, async () => {
  assert.deepEqual(startsOf(blocked), []);
  await patch(blocker, { status: "done" });
  await untilRunning(blocked);
  await untilStarted(blocked);
  assert.equal(startsOf(blocked).length, 1);
});

test("done: the agent is stopped and the workspace removed", limit, async () => {
  const [, ref = ""] = first;
  await patch(ref, { status: "done" });
  await until((shape) => (claimOf(shape, ref) === undefined ? true : undefined), "the claim is over");
  await eventually(async () => {
    const { workspaces } = await server.get<WorkspacesShape>("/api/workspaces");
    return workspaces.some((one) => one.ref === ref) ? undefined : true;
  }, "its workspace is gone");
});

test("issues of GitLab and Rally: taken, handed in, and let go when they are done", limit, async () => {
  const refs: string[] = [];
  for (const tracker of ["gitlab", "rally"]) {
    const [one] = await backlog(tracker);
    assert.ok(one, `${tracker} has an issue in the backlog`);
    await patch(one.address, { addLabels: ["agent"] });
    refs.push(one.ref);
  }
  await Promise.all(refs.map(untilRunning));
  await Promise.all(refs.map(untilStarted));
  for (const ref of refs) {
    assert.equal(startsOf(ref).length, 1, `one agent on ${ref}`);
    tell(ref, "commit");
  }
  for (const ref of refs) {
    const waits = "handed in, waits for its review";
    await until((shape) => (claimOf(shape, ref)?.reason === waits ? shape : undefined), `${ref} is handed in`);
    assert.equal((await issue(ref)).status, "in_review");
    await patch(ref, { status: "done" });
  }
  for (const ref of refs) {
    await until((shape) => (claimOf(shape, ref) === undefined ? true : undefined), `the claim of ${ref} is over`);
  }
});

test("a broken edit starts nothing new and keeps what runs", limit, async () => {
  await patch(blocked, { addLabels: ["later"] });
  home.write("projects", rules("  turn: 3\n"));
  const shape = await until((one) => (one.paused === null ? undefined : one), "nothing new starts");
  assert.match(shape.paused ?? "", /projects\.yaml:\d+:\d+: unknown key "turn"; did you mean "turns"\?/);
  // What was taken goes on: its next turn begins.
  const turns = claimOf(shape, blocked)?.turns ?? 0;
  await untilStarted(blocked);
  tell(blocked, "0");
  const cared = await until((one) => (claimOf(one, blocked)?.turns === turns + 1 ? one : undefined), "the next turn");
  assert.notEqual(cared.paused, null);
  await untilRunning(blocked);
  home.write("projects", rules());
  await until((one) => (one.paused === null ? one : undefined), "it is mended");
});

test("a label that is taken away lets the issue go", limit, async () => {
  const pid = await untilStarted(blocked);
  await patch(blocked, { removeLabels: ["agent"] });
  await eventually(() => (isAlive(pid) ? undefined : true), "its agent is stopped");
  await until((shape) => (claimOf(shape, blocked) === undefined ? true : undefined), "the claim is over");
});

test("one that is deleted in its tracker stops its agent and holds no slot; the workspace stays", limit, async () => {
  const one = (await backlog("linear"))[0];
  assert.ok(one, "Linear has an issue in the backlog");
  await patch(one.address, { addLabels: ["agent"] });
  await untilRunning(one.ref);
  const pid = await untilStarted(one.ref);
  const before = (await dispatch()).slots.used;
  const { world } = emulators["linear"] ?? assert.fail();
  world.delete(world.issues().find(({ key }) => key === one.ref)?.nativeId ?? "");
  assert.equal((await home.pan("sync", "linear", "--sweep")).code, 0);
  await eventually(() => (isAlive(pid) ? undefined : true), "its agent is stopped");
  const shape = await until((now) => (claimOf(now, one.ref) === undefined ? now : undefined), "the claim is over");
  assert.equal(shape.slots.used, before - 1);
  const { workspaces } = await server.get<WorkspacesShape>("/api/workspaces");
  assert.ok(workspaces.some(({ ref }) => ref === one.ref));
});

test(
  "with the server down, pan dispatch takes one turn; the next server looks after what it started",
  limit,
  async () => {
    await server.stop();
    isUp = false;
    const dry = await home.pan("dispatch", "--dry-run", "--json");
    assert.equal(dry.code, 0, dry.stderr);
    await patchHere(blocked);
    const taken = await home.pan("dispatch", "--json");
    assert.equal(taken.code, 0, taken.stderr);
    const shape = JSON.parse(taken.stdout) as DispatchShape;
    assert.equal(claimOf(shape, blocked)?.agent?.state, "running", taken.stdout);
    const pid = await untilStarted(blocked);
    server = await startPan(home, { env: gitEnvironment });
    isUp = true;
    await untilRunning(blocked);
    assert.deepEqual(startsOf(blocked).filter(isAlive), [pid]);
  },
);

/** Makes it match again, with the commands. */
async function patchHere(ref: string): Promise<void> {
  const { code, stderr } = await home.pan("edit", ref, "--label", "agent");
  assert.equal(code, 0, stderr);
  assert.equal((await home.pan("move", ref, "backlog")).code, 0);
}
