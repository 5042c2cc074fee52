import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import type { Agent } from "../../domain/agent.ts";
import { type AgentBench, makeAgentBench, scripted } from "../../../test/support/agent-bench.ts";
import { agentFolder } from "./agent-files.ts";

// What an agent learns about its issue and the machine.

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
  });
});
after(() => bench.close());

test("an agent gets the issue as data, and no tracker's key", limit, async () => {
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
  assert.match(env, /^COLORTERM=truecolor$/m);
  assert.doesNotMatch(env, /^(?:GITHUB_TOKEN|NOT_ON_THE_LIST|TMUX|npm_\w+)=/m);
  const path = await bench.pathOf(agent);
  assert.match(readFileSync(join(path, ".panopticon", "STATE.md"), "utf8"), /- Title: \$\(touch hacked\); `id`/);
  assert.ok(!existsSync(join(path, "hacked")));
  const stopped = await bench.agents.stop(agent.id);
  assert.equal(stopped.state, "stopped");
  assert.deepEqual(await bench.agentParts.tmux.list(), []);
});

test("an agent gets the variables that its profile names, but no tracker's key", limit, async () => {
  Object.assign(bench.parts.env, { GITHUB_TOKEN: "secret-1", MY_KEY: "mine" });
  const agent = await bench.begin(38, [], { name: "named" });
  await bench.untilScreen(agent.id, /ready/);
  const env = readFileSync(join(agentFolder(bench.home, agent.id), "env"), "utf8");
  assert.match(env, /^MY_KEY=mine$/m);
  assert.doesNotMatch(env, /secret-1/);
  await bench.agents.stop(agent.id);
});

test(
  "a prompt that is too long for an argument is read from a file in the workspace, whatever its script",
  limit,
  async () => {
    const start = async (number: number, prompt: string) => {
      const issue = await bench.addIssue(number, `Issue ${number}`);
      const { running } = await bench.agents.start({
        projectId: "shop",
        issue,
        name: "shell",
        prompt,
        plan: false,
        actor: "you",
      });
      return running;
    };
    const told = async (agent: Agent) => {
      await bench.untilScreen(agent.id, /ready/);
      const [argument, file] = [
        readFileSync(join(agentFolder(bench.home, agent.id), "asked"), "utf8"),
        readFileSync(join(await bench.pathOf(agent), ".panopticon", "PROMPT.md"), "utf8"),
      ];
      await bench.agents.stop(agent.id);
      return { argument, file };
    };
    const short = await told(await start(40, `${"a".repeat(90_000)} its end`));
    assert.equal(short.argument, short.file);
    assert.match(short.argument, /a its end$/);

    // 60,000 characters are 180,000 bytes, more than Linux accepts.
    const agent = await start(41, `${"字".repeat(60_000)} its end`);
    const long = await told(agent);
    assert.equal(long.argument, "Read the file .panopticon/PROMPT.md to its end and do what it asks.");
    assert.match(long.file, /^Work on the issue shop#41 /);
    assert.ok(long.file.endsWith(`${"字".repeat(60_000)} its end`));

    const { running } = await bench.agents.resume(agent.id, { prompt: `${"again ".repeat(150_000)}to its end` });
    const resumed = await told(await running);
    assert.equal(resumed.argument, long.argument);
    assert.match(resumed.file, /^Go on with the work /);
    assert.ok(resumed.file.endsWith(`${"again ".repeat(150_000)}to its end`));
    assert.equal(bench.git(["status", "--porcelain"], await bench.pathOf(agent)), "");
  },
);
