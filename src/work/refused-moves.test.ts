import assert from "node:assert/strict";
import { test } from "node:test";
import { makeAgentBench } from "../../test/support/agent-bench.ts";
import { eventually } from "../../test/support/stage.ts";
import { PanopticonError } from "../domain/error.ts";
import type { Status } from "../domain/status.ts";
import { createWork } from "./work.ts";

test(
  "a move refused by the tracker does not stop the agent, is noted with the workspace, and is cleared by the next successful move",
  {
    timeout: 120_000,
  },
  async (t) => {
    const bench = await makeAgentBench();
    let status: Status = "backlog";
    let refusal: string | null = "There are 2 ways to In Progress.";
    const work = createWork({
      ...bench.agentParts,
      readStatus: async () => ({ status, setByHandAt: null, setAt: null }),
      async moveStatus(_issueId, to) {
        if (refusal !== null) throw new PanopticonError("conflict", refusal);
        status = to;
      },
      mayMove: () => true,
      findRefs: () => [],
      relate: async () => undefined,
      findCode: () => null,
      codeHosts: [],
      requestsMs: () => 60_000,
    });
    const warned: string[] = [];
    const listen = (warning: Error) => warned.push(warning.message);
    process.on("warning", listen);
    t.after(async () => {
      process.off("warning", listen);
      await work.stop();
      await bench.close();
    });
    await work.start();
    const issue = await bench.addIssue(1, "One");
    const script = "script:\nread\nwrite a.txt a\ncommit Made\ndone\nread";
    const request = { projectId: "shop", issue, name: "scripted", prompt: script, plan: false, actor: "you" };
    const { agent, running } = await work.agents.start(request);
    await running;
    await work.settled();
    const notes = async () => (await work.workspaces.get(agent.workspaceId ?? 0)).notes;
    const said = "shop#1 was not moved by its agent to In Progress: There are 2 ways to In Progress.";
    assert.deepEqual(await notes(), [said]);
    assert.equal((await work.agents.get(agent.id)).state, "running");
    await eventually(() => (warned.includes(said) ? true : undefined), "the log says it");

    refusal = null;
    await work.agents.message(agent.id, "go");
    await eventually(
      async () => (status === "in_review" && (await notes()).length === 0 ? true : undefined),
      "it is moved",
    );
    await work.agents.stop(agent.id);
  },
);
