import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type AgentBench, makeAgentBench, scripted } from "../../../test/support/agent-bench.ts";
import { eventually } from "../../../test/support/stage.ts";
import type { Agent } from "../../domain/agent.ts";
import { createWorkspaces } from "../workspaces/workspaces.ts";
import { agentFolder } from "./agent-files.ts";
import { createAgents } from "./create-agents.ts";

const limit = { timeout: 120_000 };

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench({
    shell: {
      ...scripted,
      command: [
        "sh",
        "-c",
        'env > "$PANOPTICON_AGENT_DIR/env"; printf %s "$1" > "$PANOPTICON_AGENT_DIR/asked"; echo ready; cat',
        "sh",
      ],
    },
    named: {
      ...scripted,
      command: ["sh", "-c", 'env > "$PANOPTICON_AGENT_DIR/env"; echo ready; cat'],
      env: ["GITHUB_TOKEN", "MY_KEY"],
    },
    interrupted: {
      ...scripted,
      command: ["sh", "-c", 'trap "echo caught" INT; echo ready; until read line; do :; done; exit 5'],
    },
    missing: { ...scripted, command: ["no-such-program-here"] },
  });
});
after(() => bench.close());

async function pathOf(agent: Agent): Promise<string> {
  return (await bench.workspaces.get(agent.workspaceId ?? 0)).path;
}

test("from an issue to work that is done", limit, async () => {
  const told: string[] = [];
  const leave = bench.agents.on((agent, state) => told.push(`${agent.issue.ref} ${state}`));
  const started = await bench.begin(1, ["say Working", "ask Go on?", "write a.txt {answer}", "commit Add a", "exit 0"]);
  assert.equal(started.state, "running");
  const waiting = await bench.until(started.id, "waiting");
  assert.equal(waiting.reason, "Go on?");
  await bench.agents.message(started.id, "yes; $(touch hacked)\u001b[201~`id`");
  const done = await bench.until(started.id, "finished");
  assert.equal(done.exitCode, 0);
  assert.equal(done.lastLine, "Committed: Add a");
  const path = await pathOf(done);
  assert.equal(readFileSync(join(path, "a.txt"), "utf8"), "yes; $(touch hacked)[201~`id`\n");
  assert.equal(bench.git(["log", "-1", "--format=%s"], path), "Add a");
  assert.equal(bench.git(["status", "--porcelain"], path), "");
  assert.match(await bench.agents.screen(started.id), /Answered: yes/);
  assert.match(bench.agents.log(started.id, 0).text.toString(), /Answered: yes/);
  assert.deepEqual(await bench.agentParts.tmux.list(), []);
  leave();
  assert.deepEqual(told, ["shop#1 running", "shop#1 waiting", "shop#1 running", "shop#1 finished"]);
});

test("the agent gets the issue as data, and no key of a tracker", limit, async () => {
  process.env["NOT_ON_THE_LIST"] = "x";
  const issue = await bench.addIssue(2, "$(touch hacked); `id`");
  const { running } = await bench.agents.start({
    projectId: "shop",
    issue,
    name: "shell",
    prompt: "-rf; $(touch hacked)\n`id` 'quoted' \"double\"",
    plan: true,
    actor: "you",
  });
  const agent = await running;
  await bench.untilScreen(agent.id, /ready/);
  const folder = agentFolder(bench.home, agent.id);
  const asked = readFileSync(join(folder, "asked"), "utf8");
  assert.match(asked, /^Work on the issue shop#2 in this git worktree\./);
  assert.match(asked, /change no code/);
  assert.match(asked, /-rf; \$\(touch hacked\)\n`id` 'quoted' "double"$/);
  const env = readFileSync(join(folder, "env"), "utf8");
  assert.match(env, /^PANOPTICON_REF=shop#2$/m);
  assert.match(env, /^TERM=tmux-256color$/m);
  assert.doesNotMatch(env, /^(?:GITHUB_TOKEN|NOT_ON_THE_LIST|TMUX|npm_\w+)=/m);
  const path = await pathOf(agent);
  assert.match(readFileSync(join(path, ".panopticon", "STATE.md"), "utf8"), /- Title: \$\(touch hacked\); `id`/);
  assert.ok(!existsSync(join(path, "hacked")));
  const stopped = await bench.agents.stop(agent.id);
  assert.equal(stopped.state, "stopped");
  assert.deepEqual(await bench.agentParts.tmux.list(), []);
});

test("an agent gets the variables that its profile names, but no key of a tracker", limit, async () => {
  Object.assign(bench.parts.env, { GITHUB_TOKEN: "secret-1", MY_KEY: "mine" });
  const agent = await bench.begin(38, [], { name: "named" });
  await bench.untilScreen(agent.id, /ready/);
  const env = readFileSync(join(agentFolder(bench.home, agent.id), "env"), "utf8");
  assert.match(env, /^MY_KEY=mine$/m);
  assert.doesNotMatch(env, /secret-1/);
  await bench.agents.stop(agent.id);
});

test("Ctrl-C is for the agent, whose exit is written down all the same", limit, async () => {
  const agent = await bench.begin(39, [], { name: "interrupted" });
  await bench.untilScreen(agent.id, /ready/);
  const { command, env } = await bench.agents.attachCommand(agent.id);
  const [tmux = "", ...server] = command.slice(0, command.indexOf("attach-session"));
  execFileSync(tmux, [...server, "send-keys", "-t", `=${agent.session}:0.0`, "C-c"], { env });
  await bench.untilScreen(agent.id, /caught/);
  await bench.agentParts.tmux.say(agent.session, "go");
  assert.equal((await bench.until(agent.id, "failed")).exitCode, 5);
});

test("failures say what happened", limit, async () => {
  const issue = await bench.addIssue(3, "Three");
  const start = (name: string) =>
    bench.agents.start({ projectId: "shop", issue, name, prompt: "", plan: false, actor: "you" });
  await assert.rejects(start("scriptd"), { code: "invalid_input", hint: /Did you mean “scripted”/ });
  const { agent, running } = await start("missing");
  await assert.rejects(running, { code: "not_found", message: /no-such-program-here is not installed/ });
  assert.match((await bench.agents.get(agent.id)).reason ?? "", /not installed/);
  const failed = await bench.begin(3, ["say It broke", "exit 7"]);
  const end = await bench.until(failed.id, "failed");
  assert.deepEqual([end.exitCode, end.reason], [7, "exit 7: It broke"]);
  await assert.rejects(bench.agents.message(failed.id, "hello"), { code: "conflict", hint: /resume/ });
  bench.change({ beforeRun: ["echo not today >&2; exit 1"] });
  const { running: kept } = await start("scripted");
  await assert.rejects(kept, { message: /not today/ });
  bench.change({ beforeRun: [] });
});

test("one agent at a time is at work in a workspace", limit, async () => {
  const first = await bench.begin(4, ["read"]);
  await assert.rejects(bench.begin(4, ["read"]), { code: "conflict", message: /at work on shop#4 already/ });
  await assert.rejects(bench.workspaces.remove(first.workspaceId ?? 0, { force: false }), {
    message: /scripted is at work in it/,
  });
  await bench.agents.stop(first.id);
});

test(
  "no agent begins in a workspace that is being removed, and none is removed under one that has begun",
  limit,
  async () => {
    const { agentParts } = bench;
    const { records } = agentParts;
    const added = { asked: gate(), go: gate() };
    let onLook = async (): Promise<void> => undefined;
    // Only the order in which the two get at the records is made here: what they do is theirs.
    const agents = createAgents(
      {
        ...agentParts,
        records: {
          ...records,
          agents: {
            ...records.agents,
            async add(agent) {
              added.asked.open();
              await added.go.opened;
              return records.agents.add(agent);
            },
          },
        },
      },
      bench.workspaces,
    );
    const removing = createWorkspaces({
      ...agentParts,
      records: {
        ...records,
        agents: {
          ...records.agents,
          async list(query) {
            const seen = await records.agents.list(query);
            await onLook();
            return seen;
          },
        },
      },
    });
    const issue = await bench.addIssue(40, "Forty");
    const workspace = await (await bench.workspaces.create("shop", issue)).ready;
    const start = () =>
      agents.start({ projectId: "shop", issue, name: "scripted", prompt: "script:\nread", plan: false, actor: "you" });

    const started = start();
    await added.asked.opened;
    onLook = async () => {
      added.go.open();
      await started;
    };
    await assert.rejects(removing.remove(workspace.id, { force: false }), {
      code: "conflict",
      message: /not removed: scripted is at work in it/,
    });
    const { agent, running } = await started;
    await running;
    assert.equal(await pathOf(agent), workspace.path);
    assert.ok(existsSync(workspace.path));
    await agents.stop(agent.id);

    onLook = async () => undefined;
    const [began, go] = [join(bench.folder, "began"), join(bench.folder, "go")];
    bench.change({ beforeRemove: [`touch ${began}; until test -e ${go}; do sleep 0.05; done`] });
    [added.asked, added.go] = [gate(), gate()];
    const late = start();
    await added.asked.opened;
    const removed = removing.remove(workspace.id, { force: true });
    await eventually(() => (existsSync(began) ? true : undefined), "it is being removed");
    added.go.open();
    await assert.rejects(late, { code: "busy", message: /workspace of shop#40 is being removed/ });
    writeFileSync(go, "");
    await removed;
    bench.change({ beforeRemove: [] });
    await agents.stopWatching();
  },
);

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}

test("the agents of two homes do not know of each other", limit, async () => {
  const other = await makeAgentBench();
  try {
    const theirs = await other.begin(1, ["read"]);
    const ours = await bench.begin(36, ["read"]);
    await bench.restart();
    await other.restart();
    assert.deepEqual(
      (await other.agentParts.tmux.list()).map(({ name, dead }) => [name, dead]),
      [[theirs.session, false]],
    );
    assert.equal((await bench.agents.get(ours.id)).state, "running");
    await bench.agents.stop(ours.id);
  } finally {
    await other.close();
  }
});

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
  assert.equal((await bench.agents.get(stays.id)).state, "running");
  await bench.agents.message(stays.id, "go");
  await bench.until(stays.id, "finished");
  assert.equal((await bench.until(silent.id, "waiting")).reason, "While you were away?");
  await bench.agents.message(silent.id, "never mind");
  await bench.until(silent.id, "finished");
});

test("an agent that was interrupted before it began has failed, not gone missing", limit, async () => {
  const issue = await bench.addIssue(14, "Fourteen");
  const { ready } = await bench.workspaces.create("shop", issue);
  const workspace = await ready;
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
  assert.match(found.reason ?? "", /stopped before it began/);
});

test("a stopped agent is resumed in its workspace", limit, async () => {
  const agent = await bench.begin(15, ["write a.txt one", "read"]);
  const path = await pathOf(agent);
  await eventually(() => (existsSync(join(path, "a.txt")) ? true : undefined), "it wrote");
  await bench.agents.stop(agent.id);
  assert.match(await bench.agents.screen(agent.id), /begins on shop#15/);
  const { running } = await bench.agents.resume(agent.id, { prompt: "script:\nwrite a.txt two\nexit 0" });
  assert.equal((await running).turn, 2);
  await bench.until(agent.id, "finished");
  assert.equal(readFileSync(join(path, "a.txt"), "utf8"), "one\ntwo\n");
  const prompt = readFileSync(join(agentFolder(bench.home, agent.id), "prompt.md"), "utf8");
  assert.match(prompt, /^Go on with the work/);
});

test("sessions are named exactly", limit, async () => {
  const one = await bench.begin(16, ["say I am one", "read"]);
  // A session whose name begins with the other's.
  execFileSync(
    "tmux",
    bench.agentParts.tmux
      .attachCommand("x")
      .slice(1, 5)
      .concat(["new-session", "-d", "-s", `${one.session}0`, "sleep", "60"]),
    {
      env: { ...bench.agentParts.tmux.env },
    },
  );
  for (let time = 0; time < 2; time += 1) await bench.agentParts.tmux.kill(one.session);
  assert.deepEqual(
    (await bench.agentParts.tmux.list()).map(({ name }) => name),
    [`${one.session}0`],
  );
  assert.equal(await bench.agentParts.tmux.capture(one.session), null);
  await bench.agentParts.tmux.kill(`${one.session}0`);
  await bench.until(one.id, "lost");
});

test(
  "a log that began anew is read and followed without a gap, and what is no longer kept is told",
  limit,
  async () => {
    const agent = await bench.begin(30, ["say Before", "read", "say Grüße", "read", "say After", "exit 0"]);
    await bench.untilScreen(agent.id, /Before/);
    const log = join(agentFolder(bench.home, agent.id), "output.log");
    const seen = bench.agents.log(agent.id, 0);
    const begins = (name: string) => eventually(() => (existsSync(name) ? true : undefined), `${name} is there`);

    appendFileSync(log, "unread");
    appendFileSync(log, Buffer.alloc(32 * 1024 * 1024, "."));
    await begins(`${log}.0`);
    await bench.agents.message(agent.id, "go on");
    await bench.untilScreen(agent.id, /Grüße/);
    assert.match(readFrom(agent.id, 0).text, /Before[^]*unread[^]*Grüße/);
    assert.match(readFrom(agent.id, seen.end).text, /^unread[^]*Grüße/);

    const { end } = readFrom(agent.id, 0);
    const cut = Buffer.from("ü");
    appendFileSync(log, cut.subarray(0, 1));
    assert.deepEqual(readFrom(agent.id, end), { text: "", start: end, end });
    appendFileSync(log, cut.subarray(1));
    assert.equal(readFrom(agent.id, end).text, "ü");

    appendFileSync(log, Buffer.alloc(32 * 1024 * 1024, "."));
    await eventually(() => (existsSync(`${log}.0`) ? undefined : true), "the first one goes");
    await bench.agents.message(agent.id, "go on");
    await bench.until(agent.id, "finished");
    const { text, start } = readFrom(agent.id, 0);
    assert.match(text, /Grüße[^]*After/);
    assert.doesNotMatch(text, /Before|unread/);
    assert.ok(start > 32 * 1024 * 1024, String(start));
    assert.match(readFrom(agent.id, end).text, /^ü[^]*After/);
    assert.match(readFrom(agent.id, -40).text, /After/);
  },
);

/** All that an agent wrote from an offset on, without the dots. */
function readFrom(id: number, from: number) {
  const first = bench.agents.log(id, from);
  const parts = [first.text];
  let { end } = first;
  for (;;) {
    const next = bench.agents.log(id, end);
    if (next.end === end) break;
    parts.push(next.text);
    ({ end } = next);
  }
  return { text: Buffer.concat(parts).toString().replaceAll(".", ""), start: first.start, end };
}

test("hooks run around a run, and what they say is kept", limit, async () => {
  bench.change({
    beforeRun: ["echo before > hooks.txt"],
    afterRun: ['echo "after $PANOPTICON_AGENT" >> hooks.txt; exit 1'],
  });
  const agent = await bench.begin(17, ["exit 0"]);
  await bench.until(agent.id, "finished");
  const file = join(await pathOf(agent), "hooks.txt");
  await eventually(() => (readFileSync(file, "utf8").includes("after") ? true : undefined), "after_run ran");
  assert.equal(readFileSync(file, "utf8"), `before\nafter ${agent.id}\n`);
  bench.change({ beforeRun: [], afterRun: [] });
  writeFileSync(file, "");
});

test(
  "hooks that hang are ended after their time: before a run that fails it, after a run that is logged",
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
