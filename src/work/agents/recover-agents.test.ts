import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import type { Agent } from "../../domain/agent.ts";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { eventually } from "../../../test/support/stage.ts";
import { agentFolder } from "./agent-files.ts";

const limit = { timeout: 120_000 };

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench();
});
after(() => bench.close());

test("agents outlive the server, and are found again however they ended", limit, async () => {
  const stays = await bench.begin(10, ["say Here", "read", "exit 0"]);
  const ends = await bench.begin(11, ["read", "say Bye", "exit 3"]);
  const lost = await bench.begin(12, ["say Last words", "read"]);
  const silent = await bench.begin(13, ["read", "ask While you were away?", "exit 0"]);
  await bench.untilScreen(stays.id, /Here/);
  await bench.untilScreen(lost.id, /Last words/);
  await bench.agents.stopWatching();

  await bench.agentParts.tmux.say(ends.session, "go");
  await bench.agentParts.tmux.say(silent.session, "go");
  await eventually(() => (existsSync(join(agentFolder(bench.home, ends.id), "exit")) ? true : undefined), "it ended");
  await eventually(
    () => (existsSync(join(agentFolder(bench.home, silent.id), "signals")) ? true : undefined),
    "it asked",
  );
  await bench.agentParts.tmux.kill(lost.session);
  // Of an agent whose record is gone.
  const log = join(bench.folder, "unknown.log");
  await bench.agentParts.tmux.start({ name: "agent-999", command: ["sleep", "600"], log });

  await bench.restart();
  const sessions = (await bench.agentParts.tmux.list()).map(({ name }) => name);
  assert.deepEqual([sessions.includes("agent-999"), sessions.includes(stays.session)], [false, true]);
  const ended = await bench.agents.get(ends.id);
  assert.deepEqual([ended.state, ended.exitCode, ended.reason], ["failed", 3, "exit 3: Bye"]);
  const gone = await bench.agents.get(lost.id);
  assert.equal(gone.state, "lost");
  assert.match(bench.agents.log(lost.id, -2_000).text.toString(), /Last words/);
  assert.match(await bench.agents.screen(lost.id), /^Last words$/m, "its terminal shows its last output");
  assert.equal((await bench.agents.get(stays.id)).state, "running");
  await bench.agents.message(stays.id, "go");
  await bench.until(stays.id, "finished");
  assert.equal((await bench.until(silent.id, "waiting")).reason, "While you were away?");
  await bench.agents.message(silent.id, "never mind");
  await bench.until(silent.id, "finished");
});

test("an agent that was interrupted before it started has failed, and is not lost", limit, async () => {
  const issue = await bench.addIssue(14, "Fourteen");
  const { ready } = await bench.workspaces.create("shop", issue);
  const workspace = await ready;
  bench.change({ afterRun: ["touch followed"] });
  const { agent } = await bench.store.work.agents.add({
    issueId: issue.issueId,
    workspaceId: workspace.id,
    project: "shop",
    name: "scripted",
    plan: false,
    prompt: "",
    actor: "you",
    at: Date.now(),
  });
  await bench.restart();
  const found = await bench.agents.get(agent.id);
  assert.equal(found.state, "failed");
  assert.match(found.reason ?? "", /stopped before it started/);
  // No hook follows a run that never started.
  await bench.agents.settled();
  assert.ok(!existsSync(join(workspace.path, "followed")));
  bench.change({ afterRun: [] });
});

test("what the server was doing when it died is continued: a start in progress, a recorded stop", limit, async () => {
  const started = await bench.begin(15, ["say Here", "read", "exit 0"]);
  const stopped = await bench.begin(16, ["say There", "read"]);
  await bench.untilScreen(started.id, /Here/);
  await bench.untilScreen(stopped.id, /There/);
  await bench.agents.stopWatching();
  await bench.store.work.agents.update(started.id, { state: "starting" });
  await bench.store.work.agents.update(stopped.id, { state: "stopped" });

  await bench.restart();
  assert.equal((await bench.agents.get(started.id)).state, "running");
  assert.equal((await bench.agents.get(stopped.id)).state, "stopped");
  const sessions = (await bench.agentParts.tmux.list()).map(({ name }) => name);
  assert.deepEqual([sessions.includes(started.session), sessions.includes(stopped.session)], [true, false]);
  await bench.agents.message(started.id, "go");
  await bench.until(started.id, "finished");
});

test(
  "an exit that only tmux knows is recorded, and after_run also runs if the server finds it later",
  limit,
  async () => {
    bench.change({ afterRun: ['echo "after $PANOPTICON_AGENT" >> hooks.txt'] });
    const begin = async (number: number) => {
      const agent = await bench.begin(number, ["say Here", "read", "exit 4"]);
      // Its script cannot record the exit.
      mkdirSync(join(agentFolder(bench.home, agent.id), "exit.tmp"));
      await bench.untilScreen(agent.id, /Here/);
      return agent;
    };
    // tmux itself does not always learn how a program ended; then it is unknown.
    const assertEnded = ({ state, exitCode, reason }: Agent) =>
      state === "lost"
        ? assert.equal(exitCode, null)
        : assert.deepEqual([state, exitCode, reason?.startsWith("exit 4: ")], ["failed", 4, true]);
    const [seen, missed] = [await begin(17), await begin(18)];
    const afterRun = async (agent: { readonly id: number; readonly workspaceId: number | null }) => {
      const file = join(await bench.pathOf(agent), "hooks.txt");
      return eventually(() => (existsSync(file) ? readFileSync(file, "utf8") : undefined), "after_run ran");
    };
    await bench.agents.message(seen.id, "go");
    const ended = await bench.until(seen.id, "failed", "lost");
    assertEnded(ended);
    assert.equal(await afterRun(seen), `after ${seen.id}\n`);

    await bench.agents.stopWatching();
    await bench.agentParts.tmux.say(missed.session, "go");
    await eventually(
      async () => (await bench.agentParts.tmux.list()).find(({ name, dead }) => name === missed.session && dead),
      "its process ended",
    );
    await bench.restart();
    const found = await bench.agents.get(missed.id);
    assertEnded(found);
    assert.equal(await afterRun(missed), `after ${missed.id}\n`);
    bench.change({ afterRun: [] });
  },
);
