import assert from "node:assert/strict";
import { createMirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

/** The number of requests. The benchmarks measure the same at full size. */
export function testRequests(it: Register, subject: Subject): void {
  it("polls with one request when idle, and with at most two when one issue changed", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: subject.pageSize * 3 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const count = async () => {
      emulator.requests.clear();
      await mirror.pull(connection, source);
      return emulator.requests.count();
    };
    assert.deepEqual([await count(), await count(), await count()], [1, 1, 1]);
    for (let turn = 0; turn < 5; turn++) {
      const issues = emulator.world.issues(source.key);
      emulator.world.edit(issues[turn * 7]?.nativeId ?? "", { title: `changed ${turn}` });
      const changed = await count();
      assert.ok(changed <= 2, `${changed} requests for one change`);
      assert.deepEqual([await count(), await count()], [1, 1]);
    }
  });
}
