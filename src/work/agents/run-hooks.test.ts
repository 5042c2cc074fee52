import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { eventually } from "../../../test/support/stage.ts";

// `before_run` and `after_run`.

const limit = { timeout: 120_000 };

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench();
});
after(() => bench.close());

test("hooks run around a run, and what they say is kept", limit, async () => {
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
