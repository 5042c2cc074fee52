import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { createWorkspaces } from "../workspaces/workspaces.ts";
import { createAgents } from "./create-agents.ts";

// Agents that start while their workspace is being removed.

const limit = { timeout: 120_000 };

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench();
});
after(() => bench.close());

test(
  "no agent starts in a workspace that is being removed, and no workspace is removed under an agent that has started",
  limit,
  async () => {
    const { agentParts } = bench;
    const { records } = agentParts;
    const added = { asked: gate(), go: gate() };
    let onLook = async (): Promise<void> => undefined;
    // Only controls the order in which the two access the records.
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
      message: /not removed: scripted is (?:at work|working) in it/,
    });
    const { agent, running } = await started;
    await running;
    assert.equal(await bench.pathOf(agent), workspace.path);
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
