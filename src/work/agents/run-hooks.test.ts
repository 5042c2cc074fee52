import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { stoppedBeforeItBegan } from "./end-agent.ts";

// `before_run` and `after_run`.

const limit = { timeout: 120_000 };

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench();
});
after(() => bench.close());

test("hooks run around a run, and their output is kept", limit, async () => {
  bench.change({
    beforeRun: ["echo before > hooks.txt"],
    afterRun: ['echo "after $PANOPTICON_AGENT" >> hooks.txt; exit 1'],
  });
  const agent = await bench.begin(17, ["exit 0"]);
  await bench.until(agent.id, "finished");
  const file = join(await bench.pathOf(agent), "hooks.txt");
  await eventually(() => (readFileSync(file, "utf8").includes("after") ? true : undefined), "after_run ran");
  assert.equal(readFileSync(file, "utf8"), `before\nafter ${agent.id}\n`);
  bench.change({ beforeRun: [], afterRun: [] });
  writeFileSync(file, "");
});

test(
  "hooks that hang are ended after their timeout: before a run that fails it, after a run it is logged",
  limit,
  async () => {
    bench.change({ beforeRun: ["echo stuck; sleep 600"], timeoutMs: 300 });
    await assert.rejects(bench.begin(18, ["exit 0"]), { code: "timeout", message: /longer than 0.3 s/ });
    bench.change({ beforeRun: [], afterRun: ["echo stuck; sleep 600"] });
    const agent = await bench.begin(19, ["exit 0"]);
    await bench.until(agent.id, "finished");
    await eventually(
      () => (/ended after 0.3 s/.test(bench.workspaces.log(agent.workspaceId ?? 0, 0).text) ? true : undefined),
      "after_run is ended, and that is logged",
    );
    bench.change({ afterRun: [], timeoutMs: 60_000 });
  },
);

/** A command that reports its start and pid, and waits until it is released. */
function makeGate(name: string) {
  const [here, go] = [join(bench.folder, `${name}.here`), join(bench.folder, `${name}.go`)];
  return {
    command: `echo $$ > ${here}.tmp && mv ${here}.tmp ${here}; until test -e ${go}; do sleep 0.05; done`,
    here: () => existsSync(here),
    /** Its pid, once it has started. */
    reached: () =>
      eventually(() => (existsSync(here) ? Number(readFileSync(here, "utf8")) : undefined), `${name} runs`),
    open: () => writeFileSync(go, ""),
    forget: () => [here, go].forEach((file) => rmSync(file, { force: true })),
  };
}

/** A zombie has ended, but its parent has not read its exit. */
function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/^\d+ \(.*\) Z/s.test(readFileSync(file, "utf8"));
}

test("after_run delays no other agent and no stop, only the next run in its workspace", limit, async () => {
  const gate = makeGate("after");
  bench.change({ afterRun: [gate.command], beforeRun: [] });
  const [first, second] = [await bench.begin(20, ["read"]), await bench.begin(21, ["read", "exit 3"])];
  assert.equal((await bench.agents.stop(first.id)).state, "stopped");
  await gate.reached();
  assert.ok(bench.agents.isAfterRun(first.workspaceId ?? 0));
  // Other agents are watched meanwhile.
  await bench.agents.message(second.id, "go");
  assert.equal((await bench.until(second.id, "failed")).exitCode, 3);

  const { running } = await bench.agents.resume(first.id, { prompt: "script:\nread" });
  await bench.agents.look();
  assert.equal((await bench.agents.get(first.id)).state, "starting");
  // The previous run's output is not this one's.
  assert.equal(await bench.agents.screen(first.id), "");
  bench.change({ afterRun: [] });
  gate.open();
  assert.equal((await running).state, "running");
  await bench.agents.stop(first.id);
  await bench.agents.settled();
  assert.ok(!bench.agents.isAfterRun(first.workspaceId ?? 0));
});

test("a workspace is removed after its after_run has finished", limit, async () => {
  const gate = makeGate("under");
  bench.change({ afterRun: [gate.command, "echo over > over.txt"] });
  const agent = await bench.begin(22, ["read"]);
  const path = await bench.pathOf(agent);
  const removed = bench.workspaces.remove(agent.workspaceId ?? 0, {
    force: true,
    empty: () => bench.agents.stopIn(agent.workspaceId ?? 0),
  });
  await gate.reached();
  assert.ok(existsSync(path));
  gate.open();
  await removed;
  assert.ok(!existsSync(path));
  assert.equal((await bench.agents.get(agent.id)).state, "stopped");
  bench.change({ afterRun: [] });
});

test("before_run ends when the agent is stopped, and no after_run follows", limit, async () => {
  const [gate, follows] = [makeGate("before"), makeGate("follows")];
  bench.change({ beforeRun: [gate.command], afterRun: [follows.command] });
  const begun = bench.begin(23, ["read"]);
  const refused = assert.rejects(begun, { code: "conflict", message: "It was stopped before it started." });
  const pid = await gate.reached();
  const [agent] = await bench.agents.list();
  assert.equal(agent?.state, "starting");
  await assert.rejects(bench.agents.message(agent?.id ?? 0, "hello"), { code: "busy", message: /just starting/ });
  await bench.agents.stop(agent?.id ?? 0);
  await refused;
  await eventually(() => (isAlive(pid) ? undefined : true), "before_run is gone");
  assert.equal((await bench.agents.get(agent?.id ?? 0)).state, "stopped");
  await bench.agents.settled();
  assert.ok(!follows.here());
  bench.change({ beforeRun: [], afterRun: [] });
});

test(
  "a stopping server waits for no command: before_run fails nothing, after_run is interrupted and reported",
  limit,
  async () => {
    const [earlier, later] = [makeGate("earlier"), makeGate("later")];
    bench.change({ beforeRun: [], afterRun: [later.command] });
    const ended = await bench.begin(24, ["exit 0"]);
    const afterPid = await later.reached();
    bench.change({ beforeRun: [earlier.command], afterRun: [] });
    const begun = assert.rejects(bench.begin(25, ["read"]), { message: stoppedBeforeItBegan });
    const beforePid = await earlier.reached();
    await bench.restart();
    await begun;
    assert.deepEqual([isAlive(afterPid), isAlive(beforePid)], [false, false]);
    const [starting] = (await bench.agents.list()).filter(({ issue }) => issue.ref === "shop#25");
    assert.deepEqual([starting?.state, starting?.reason], ["failed", stoppedBeforeItBegan]);
    assert.match(bench.workspaces.log(ended.workspaceId ?? 0, 0).text, /Interrupted: Panopticon was stopped/);
    bench.change({ beforeRun: [] });
  },
);
