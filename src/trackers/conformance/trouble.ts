import assert from "node:assert/strict";
import type { Fault } from "../../../emulators/emulator.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import { hasCode } from "./assert-code.ts";
import { assertMirrors, createMirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

/** Rate limits, outages and malformed records. */
export function testTrouble(it: Register, subject: Subject): void {
  const passing: readonly Fault[] = [
    { kind: "server-error", value: 502, times: 2 },
    { kind: "reset", times: 2 },
    { kind: "truncate", times: 2 },
    { kind: "malformed-json", times: 2 },
  ];
  for (const fault of passing) {
    it(`recovers from ${fault.kind} in the middle of a run`, async (t) => {
      const clock = createVirtualClock();
      const { connection, source, emulator } = await setStage(t, subject, { issues: subject.pageSize * 3, clock });
      emulator.faults.add({ ...fault, after: 2 });
      const mirror = createMirror();
      await untilSettled(mirror.pull(connection, source), clock);
      assertMirrors(mirror, emulator.world.issues(source.key));
    });
  }

  it("reports unreachable if server errors persist, keeps what it read, and continues later", async (t) => {
    const clock = createVirtualClock();
    const { connection, source, emulator } = await setStage(t, subject, { issues: subject.pageSize * 4, clock });
    emulator.faults.add({
      kind: "server-error",
      value: 503,
      times: Infinity,
      after: 3 + (subject.requestsToStart ?? 0),
    });
    const mirror = createMirror();
    await assert.rejects(untilSettled(mirror.pull(connection, source), clock), hasCode("unreachable"));
    const kept = mirror.issues.size;
    assert.ok(kept > 0);
    emulator.faults.clear();
    const { pages } = await untilSettled(mirror.pull(connection, source), clock);
    assertMirrors(mirror, emulator.world.issues(source.key));
    assert.ok(pages.flatMap((page) => page.changes).length <= mirror.issues.size - kept + 1);
  });

  for (const fault of [
    { kind: "rate-limit", value: 1800 },
    { kind: "secondary-limit", value: 90 },
  ] as const) {
    it(`stops at a ${fault.kind}, reports until when, and sends nothing before`, async (t) => {
      const clock = createVirtualClock();
      const { connection, monitor, source, emulator } = await setStage(t, subject, {
        issues: subject.pageSize * 3,
        clock,
      });
      emulator.faults.add({ ...fault, after: 3, times: 1 });
      const mirror = createMirror();
      const error = await mirror.pull(connection, source).catch((cause: unknown) => cause);
      assert.ok(error instanceof PanopticonError && hasCode("rate_limited")(error));
      const retryAt = error.retryAt ?? 0;
      assert.ok(Math.abs(retryAt - clock.now() - fault.value * 1000) <= 1500, `${retryAt - clock.now()} ms`);
      assert.equal(monitor.pausedUntil(), retryAt);
      const sent = emulator.requests.count();
      await assert.rejects(mirror.pull(connection, source), hasCode("rate_limited"));
      assert.equal(emulator.requests.count(), sent);
      await clock.advance(retryAt - clock.now());
      await mirror.pull(connection, source);
      assertMirrors(mirror, emulator.world.issues(source.key));
    });
  }

  it("waits for a short limit without failing", async (t) => {
    const clock = createVirtualClock();
    const { connection, source, emulator } = await setStage(t, subject, { issues: 20, clock });
    emulator.faults.add({ kind: "secondary-limit", value: 5, times: 1 });
    const mirror = createMirror();
    const run = mirror.pull(connection, source);
    await clock.untilAsleep(4000);
    assert.equal(emulator.requests.count(), 1);
    await clock.advance(6000);
    await run;
    assertMirrors(mirror, emulator.world.issues(source.key));
  });

  it("waits at least a minute without a stated time, and longer each time", async (t) => {
    const clock = createVirtualClock();
    const { connection, emulator } = await setStage(t, subject, { clock });
    emulator.faults.add({ kind: "secondary-limit", times: 2 });
    emulator.faults.add({ kind: "no-limit-headers", times: 2 });
    const waits: number[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const error = await connection.verify().catch((cause: unknown) => cause);
      assert.ok(error instanceof PanopticonError && hasCode("rate_limited")(error));
      waits.push((error.retryAt ?? 0) - clock.now());
      await clock.advance(waits.at(-1) ?? 0);
    }
    assert.ok((waits[0] ?? 0) >= 60_000 && (waits[1] ?? 0) > (waits[0] ?? 0), waits.join(", "));
    await connection.verify();
  });

  it("reads the budget from headers, and works without them", async (t) => {
    const { connection, monitor, open, emulator } = await setStage(t, subject, { issues: 10 });
    await connection.verify();
    const budget = monitor.budget();
    assert.ok(
      budget?.limit && budget.remaining !== null && budget.remaining < budget.limit,
      "`readBudget` reads limit and remaining from every response; if the tracker does not state them, the subject skips this test with the reason",
    );
    assert.ok(
      budget.resetAt !== null && budget.resetAt > Date.now() - 1000 && budget.resetAt < Date.now() + 2 * 3_600_000,
    );
    emulator.faults.add({ kind: "no-limit-headers", times: Infinity });
    const other = open();
    await other.connection.verify();
    assert.equal(other.monitor.budget(), null);
  });

  for (const kind of ["slow", "trickle"] as const) {
    it(`gives up on a ${kind} response at the deadline`, async (t) => {
      const { open, emulator, source } = await setStage(t, subject, { issues: 10 });
      emulator.faults.add({ kind, value: 400, times: Infinity });
      const { connection } = open({ deadlineMs: 200, attempts: 1 });
      await assert.rejects(connection.describe(source, {}), hasCode("timeout"));
    });
  }

  for (const how of ["missing-field", "wrong-type"] as const) {
    it(`sets a record with a ${how} aside and reads the rest`, async (t) => {
      const { connection, source, emulator } = await setStage(t, subject, { issues: 60 });
      const world = emulator.world.issues(source.key);
      const broken = world[5]?.nativeId ?? "";
      emulator.world.malform(broken, how);
      const mirror = createMirror();
      await mirror.pull(connection, source);
      assertMirrors(
        mirror,
        world.filter((issue) => issue.nativeId !== broken),
      );
      assert.deepEqual([...mirror.rejected.keys()], [broken]);
      const record = mirror.rejected.get(broken);
      assert.ok(record && record.reason.length > 5 && record.raw.includes(broken));

      const live = (await Array.fromAsync(connection.sweep(source, new AbortController().signal))).flat();
      assert.ok(
        live.some((one) => one.nativeId === broken),
        "a record that does not parse is alive",
      );

      emulator.world.malform(broken, null);
      emulator.world.edit(broken, { title: "mended" });
      await mirror.pull(connection, source);
      assertMirrors(mirror, emulator.world.issues(source.key));
      assert.equal(mirror.rejected.size, 0);
    });
  }
}
