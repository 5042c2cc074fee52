import assert from "node:assert/strict";
import { test } from "node:test";
import type { DispatchShape } from "../../src/server/contract/dispatch.ts";
import type { WorkspacesShape } from "../../src/server/contract/work.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { claimOf, type DispatchStage, openDispatchStage, rules } from "./dispatch-stage.ts";
import { isAlive } from "./told-agents.ts";

// One story: each test continues from the previous one.

const limit = { timeout: 240_000 };

let stage: DispatchStage;
before(async () => {
  stage = await openDispatchStage();
});
after(() => stage.close());

let first: readonly string[];
let third: string;
let blocked: string;
let blocker: string;

test("is off by default, and a dry run says so", limit, async () => {
  const shape = await stage.dispatch();
  assert.deepEqual([shape.enabled, shape.start, shape.claimed], [false, [], []]);
  const { code, stderr } = await stage.home.pan("dispatch", "--dry-run");
  assert.equal(code, 0);
  assert.match(stderr, /Dispatch is off/);
});

test("warns about rules that match every issue, wherever they are shown", limit, async () => {
  // Without slots, nothing starts. A dry run right after an edit is about the edited rules.
  stage.write("dispatch: { limit: { per_status: { backlog: 0, planning: 0 } } }\n");
  const shape = await stage.dispatch();
  assert.equal(shape.enabled, true);
  assert.match(
    shape.warning ?? "",
    /every issue that is Backlog or Planning starts an agent, whoever it is assigned to/,
  );
  const dry = await stage.home.pan("dispatch", "--dry-run");
  assert.equal(dry.code, 0);
  assert.match(dry.stderr, /every issue that is Backlog or Planning starts an agent/);
  assert.match(dry.stdout, /no free slot for Backlog: 0 of 0 agents are at work/);
  assert.deepEqual([shape.start, shape.claimed], [[], []]);

  stage.write();
  await stage.until((now) => (now.enabled ? undefined : now), "dispatch is off again");
});

test("issues of three trackers start in order, within the limit, with a reason for each other one", limit, async () => {
  const [github = [], linear = [], jira = []] = await Promise.all(["github", "linear", "jira"].map(stage.backlog));
  const [one, four] = github;
  const [two, five] = linear;
  const [three] = jira;
  assert.ok(one && two && three && four && five);
  await stage.patch(one.address, { addLabels: ["agent"], priority: undefined });
  await stage.patch(two.address, { addLabels: ["agent"], priority: "urgent" });
  await stage.patch(three.address, { addLabels: ["agent"], priority: "high" });
  await stage.patch(four.address, { addLabels: ["agent"] });
  blocked = four.ref;
  blocker = five.ref;
  const related = await stage.server.ask("POST", `/api/issues/${encodeURIComponent(four.address)}/relations`, {
    type: "blocked_by",
    ref: five.address,
  });
  assert.equal(related.status, 201, JSON.stringify(related.body));
  first = [two.ref, three.ref];
  third = one.ref;

  stage.write(rules());
  const shape = await stage.until(
    ({ claimed, ...rest }) => (claimed.length === 2 ? { claimed, ...rest } : undefined),
    "two are taken",
  );
  assert.deepEqual(shape.claimed.map(({ ref }) => ref).toSorted(), first.toSorted());

  // The server is killed while the first workspaces are created: nothing is forgotten, and nothing started twice.
  await stage.killAndStart();
  for (const ref of first) await stage.untilRunning(ref);
  for (const ref of first) {
    await stage.agents.untilStarted(ref);
    assert.equal(stage.agents.startsOf(ref).filter(isAlive).length, 1, `one agent on ${ref}`);
  }
  const now = await stage.dispatch();
  assert.deepEqual([now.claimed.length, now.slots], [2, { used: 2, total: 2 }]);
  const reasons = new Map(now.others.map(({ ref, reason }) => [ref, reason]));
  assert.equal(reasons.get(third), "no free slot: 2 of 2 agents are at work");
  assert.equal(reasons.get(blocked), `blocked by ${blocker}`);
  assert.equal(now.warning, null);
  const { stdout, code } = await stage.home.pan("dispatch", "--dry-run");
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`${RegExp.escape(blocked)}.*blocked by ${RegExp.escape(blocker)}`));
});

test("after kill -9, the next server finds the agents at work", limit, async () => {
  const before = first.map((ref) => stage.agents.startsOf(ref));
  await stage.killAndStart();
  for (const ref of first) await stage.untilRunning(ref);
  assert.deepEqual(
    first.map((ref) => stage.agents.startsOf(ref)),
    before,
  );
});

test("a failing issue is retried, and given up after too many failures", limit, async () => {
  const [ref = ""] = first;
  const count = stage.agents.startsOf(ref).length;
  // An issue in backoff releases its slot: there is one for each now.
  stage.write(rules("", 3));
  await stage.untilRunning(third);
  stage.agents.tell(ref, "3");
  await stage.until((shape) => (claimOf(shape, ref)?.failures === 1 ? shape : undefined), "a failure is counted");
  await eventually(() => (stage.agents.startsOf(ref).length === count + 1 ? true : undefined), "it is started again");
  await stage.untilRunning(ref);
  stage.agents.tell(ref, "3");
  const given = await stage.until((shape) => {
    const claim = claimOf(shape, ref);
    return claim?.ended === true || claim === undefined ? (claim ?? null) : undefined;
  }, "it is given up");
  // In progress it no longer matches, so its row soon disappears.
  assert.match(given?.reason ?? "it failed 2 times in a row: exit 3", /it failed 2 times in a row: exit 3/);
  assert.equal(stage.agents.startsOf(ref).length, count + 1);
});

test("an issue handed in waits for review and holds no slot", limit, async () => {
  const [, ref = ""] = first;
  await stage.untilRunning(third);
  stage.agents.tell(ref, "commit");
  await stage.until(
    (shape) => (claimOf(shape, ref)?.reason === "handed in, waits for its review" ? shape : undefined),
    "it is handed in",
  );
  assert.equal((await stage.issue(ref)).status, "in_review");
  assert.equal((await stage.dispatch()).slots.used, 1);
});

test("a clean exit without a hand-in starts the next turn in the same workspace", limit, async () => {
  const turns = claimOf(await stage.dispatch(), third)?.turns ?? 0;
  const workspace = (await stage.issue(third)).workspace?.id;
  await stage.agents.untilStarted(third);
  stage.agents.tell(third, "0");
  await stage.until((shape) => (claimOf(shape, third)?.turns === turns + 1 ? shape : undefined), "the next turn");
  await stage.untilRunning(third);
  assert.equal((await stage.issue(third)).workspace?.id, workspace);
});

test("an issue moved by hand is released: its agent stops, its workspace stays", limit, async () => {
  const pid = await stage.agents.untilStarted(third);
  await stage.patch(third, { status: "in_review" });
  await eventually(() => (isAlive(pid) ? undefined : true), "its agent is stopped");
  await stage.until((shape) => (claimOf(shape, third)?.ended !== false ? true : undefined), "it is let go");
  assert.notEqual((await stage.issue(third)).workspace, null);
});

test("an issue blocked in another tracker starts when its blocker is done", limit, async () => {
  assert.deepEqual(stage.agents.startsOf(blocked), []);
  await stage.patch(blocker, { status: "done" });
  await stage.untilRunning(blocked);
  await stage.agents.untilStarted(blocked);
  assert.equal(stage.agents.startsOf(blocked).length, 1);
});

test("when done, the agent is stopped and the workspace removed", limit, async () => {
  const [, ref = ""] = first;
  await stage.patch(ref, { status: "done" });
  await stage.until((shape) => (claimOf(shape, ref) === undefined ? true : undefined), "the claim is over");
  await eventually(async () => {
    const { workspaces } = await stage.server.get<WorkspacesShape>("/api/workspaces");
    return workspaces.some((one) => one.ref === ref) ? undefined : true;
  }, "its workspace is gone");
});

test("issues of GitLab and Rally are claimed, handed in, and released when done", limit, async () => {
  const refs: string[] = [];
  for (const tracker of ["gitlab", "rally"]) {
    const [one] = await stage.backlog(tracker);
    assert.ok(one, `${tracker} has an issue in the backlog`);
    await stage.patch(one.address, { addLabels: ["agent"] });
    refs.push(one.ref);
  }
  await Promise.all(refs.map(stage.untilRunning));
  await Promise.all(refs.map(stage.agents.untilStarted));
  for (const ref of refs) {
    assert.equal(stage.agents.startsOf(ref).length, 1, `one agent on ${ref}`);
    stage.agents.tell(ref, "commit");
  }
  for (const ref of refs) {
    const waits = "handed in, waits for its review";
    await stage.until((shape) => (claimOf(shape, ref)?.reason === waits ? shape : undefined), `${ref} is handed in`);
    assert.equal((await stage.issue(ref)).status, "in_review");
    await stage.patch(ref, { status: "done" });
  }
  for (const ref of refs) {
    await stage.until((shape) => (claimOf(shape, ref) === undefined ? true : undefined), `the claim of ${ref} is over`);
  }
});

test("an invalid edit starts nothing new and keeps what runs", limit, async () => {
  await stage.patch(blocked, { addLabels: ["later"] });
  stage.write(rules("  turn: 3\n"));
  const shape = await stage.until((one) => (one.paused === null ? undefined : one), "nothing new starts");
  assert.match(shape.paused ?? "", /projects\.yaml:\d+:\d+: unknown key "turn"; did you mean "turns"\?/);
  // A claimed issue continues with its next turn.
  const turns = claimOf(shape, blocked)?.turns ?? 0;
  await stage.agents.untilStarted(blocked);
  stage.agents.tell(blocked, "0");
  const cared = await stage.until(
    (one) => (claimOf(one, blocked)?.turns === turns + 1 ? one : undefined),
    "the next turn",
  );
  assert.notEqual(cared.paused, null);
  await stage.untilRunning(blocked);
  stage.write(rules());
  await stage.until((one) => (one.paused === null ? one : undefined), "it is mended");
});

test("removing the label releases the issue", limit, async () => {
  const pid = await stage.agents.untilStarted(blocked);
  await stage.patch(blocked, { removeLabels: ["agent"] });
  await eventually(() => (isAlive(pid) ? undefined : true), "its agent is stopped");
  await stage.until((shape) => (claimOf(shape, blocked) === undefined ? true : undefined), "the claim is over");
});

test("an issue deleted in its tracker stops its agent and holds no slot; the workspace stays", limit, async () => {
  const one = (await stage.backlog("linear"))[0];
  assert.ok(one, "Linear has an issue in the backlog");
  await stage.patch(one.address, { addLabels: ["agent"] });
  await stage.untilRunning(one.ref);
  const pid = await stage.agents.untilStarted(one.ref);
  const before = (await stage.dispatch()).slots.used;
  const { world } = stage.emulators["linear"] ?? assert.fail();
  world.delete(world.issues().find(({ key }) => key === one.ref)?.nativeId ?? "");
  assert.equal((await stage.home.pan("sync", "linear", "--sweep")).code, 0);
  await eventually(() => (isAlive(pid) ? undefined : true), "its agent is stopped");
  const shape = await stage.until(
    (now) => (claimOf(now, one.ref) === undefined ? now : undefined),
    "the claim is over",
  );
  assert.equal(shape.slots.used, before - 1);
  const { workspaces } = await stage.server.get<WorkspacesShape>("/api/workspaces");
  assert.ok(workspaces.some(({ ref }) => ref === one.ref));
});

test("without a server, pan dispatch runs one turn; the next server takes over what it started", limit, async () => {
  await stage.stop();
  const dry = await stage.home.pan("dispatch", "--dry-run", "--json");
  assert.equal(dry.code, 0, dry.stderr);
  await patchHere(blocked);
  const taken = await stage.home.pan("dispatch", "--json");
  assert.equal(taken.code, 0, taken.stderr);
  const shape = JSON.parse(taken.stdout) as DispatchShape;
  assert.equal(claimOf(shape, blocked)?.agent?.state, "running", taken.stdout);
  const pid = await stage.agents.untilStarted(blocked);
  await stage.start();
  await stage.untilRunning(blocked);
  assert.deepEqual(stage.agents.startsOf(blocked).filter(isAlive), [pid]);
});

/** Makes the issue match again, by command. */
async function patchHere(ref: string): Promise<void> {
  const { code, stderr } = await stage.home.pan("edit", ref, "--label", "agent");
  assert.equal(code, 0, stderr);
  assert.equal((await stage.home.pan("move", ref, "backlog")).code, 0);
}
