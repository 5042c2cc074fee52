import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { assertMirrors, createMirror, type Mirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { setStage, type Stage, type Subject } from "./stage.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A tracker with a clock of its own, which the tests set. */
async function setClocks(t: TestContext, subject: Subject, options: { readonly issues?: number } = {}) {
  const time = createVirtualClock();
  const ahead = { server: 0, local: 0 };
  const clock = { ...time, now: () => time.now() + ahead.local };
  const now = () => time.now() + ahead.server;
  const stage = await setStage(t, subject, { issues: 20, ...options, clock, now });
  return { ...stage, time, ahead, edit: editsOf(stage), mirror: createMirror() };
}

/** Edits one issue after the other, so that no later edit hides a missed one. */
function editsOf({ emulator, source }: Stage) {
  const ids = emulator.world.issues(source.key).map(({ nativeId }) => nativeId);
  let count = 0;
  return (title: string) => {
    emulator.world.edit(ids[count % ids.length] ?? "", { title });
    count += 1;
  };
}

/** Servers whose clocks are set, or differ. Update times are theirs, and so is the time a run continues from. */
export function testClocks(it: Register, subject: Subject): void {
  /** Follows changes for some time, as the engine would. */
  async function follow(stage: Awaited<ReturnType<typeof setClocks>>, mirror: Mirror, what: string, polls = 4) {
    const { connection, source, emulator, time, edit } = stage;
    for (let poll = 0; poll < polls; poll++) {
      await time.advance(30 * secondMs);
      edit(`${what}, ${poll}`);
      await time.advance(30 * secondMs);
      await mirror.pull(connection, source);
      assertMirrors(mirror, emulator.world.issues(source.key));
    }
  }

  for (const [name, byMs] of [
    ["four minutes", 4 * minuteMs],
    ["an hour", hourMs],
    ["a day", dayMs],
  ] as const) {
    it(`misses nothing after the server's clock was set back by ${name}`, async (t) => {
      const stage = await setClocks(t, subject);
      const { connection, source, ahead, mirror, time, edit } = stage;
      await mirror.pull(connection, source);
      await follow(stage, mirror, "before");
      edit("just before");
      ahead.server = -byMs;
      await time.advance(10 * secondMs);
      await follow(stage, mirror, "after");
    });
  }

  it("misses nothing if the server's clock was ahead for some time", async (t) => {
    const stage = await setClocks(t, subject);
    const { connection, source, ahead, mirror } = stage;
    await mirror.pull(connection, source);
    ahead.server = hourMs;
    await follow(stage, mirror, "while it was ahead");
    ahead.server = 0;
    await follow(stage, mirror, "after");
  });

  it("misses nothing if the server's clock was set back while Panopticon was stopped, and has passed the last run's time again", async (t) => {
    const stage = await setClocks(t, subject);
    const { connection, source, emulator, time, ahead, mirror, edit } = stage;
    await mirror.pull(connection, source);
    await follow(stage, mirror, "before");
    await time.advance(minuteMs);
    ahead.server = -hourMs;
    await time.advance(minuteMs);
    edit("while it was stopped");
    await time.advance(2 * hourMs);
    await mirror.pull(connection, source);
    assertMirrors(mirror, emulator.world.issues(source.key));
  });

  it("misses nothing if both clocks are set back, as on one machine", async (t) => {
    const stage = await setClocks(t, subject);
    const { connection, source, ahead, mirror, time, edit } = stage;
    await mirror.pull(connection, source);
    await follow(stage, mirror, "before");
    ahead.server = ahead.local = -hourMs;
    edit("just after");
    // The longest time between two polls.
    await time.advance(10 * minuteMs);
    await follow(stage, mirror, "after");
  });

  it("misses nothing if both clocks are set back by a day while Panopticon is stopped for hours", async (t) => {
    const stage = await setClocks(t, subject);
    const { connection, source, ahead, mirror, time, edit } = stage;
    await mirror.pull(connection, source);
    await follow(stage, mirror, "before");
    ahead.server = ahead.local = -dayMs;
    await time.advance(minuteMs);
    edit("just after");
    await time.advance(3 * hourMs);
    await follow(stage, mirror, "after");
  });

  it("misses nothing if both clocks are set back by a day in the middle of a run", async (t) => {
    const stage = await setClocks(t, subject, { issues: subject.pageSize * 3 });
    const { connection, source, ahead, mirror, time, edit } = stage;
    await mirror.pull(connection, source, { breakAfter: 1 });
    ahead.server = ahead.local = -dayMs;
    await time.advance(10 * secondMs);
    edit("in the middle");
    await mirror.pull(connection, source);
    edit("at its end");
    await time.advance(minuteMs);
    await follow(stage, mirror, "after");
  });

  it("misses nothing if the server's clock is set back during a first run that is interrupted", async (t) => {
    const stage = await setClocks(t, subject, { issues: subject.pageSize * 3 });
    const { connection, source, ahead, mirror, time, edit, emulator } = stage;
    await mirror.pull(connection, source, { breakAfter: 1 });
    ahead.server = -hourMs;
    await time.advance(10 * secondMs);
    edit("while it was interrupted");
    await mirror.pull(connection, source);
    await mirror.pull(connection, source);
    assertMirrors(mirror, emulator.world.issues(source.key));
    await follow(stage, mirror, "after");
  });

  it("misses nothing if an address leads to servers whose clocks differ", async (t) => {
    const stage = await setClocks(t, subject);
    const { connection, source, emulator, time, ahead, mirror, edit } = stage;
    const nodes = [0, -7 * secondMs, 5 * secondMs, -45 * secondMs];
    await mirror.pull(connection, source);
    for (let poll = 0; poll < 24; poll++) {
      // Changed at one, read from another.
      ahead.server = nodes[poll % nodes.length] ?? 0;
      edit(`change ${poll}`);
      await time.advance(10 * secondMs);
      ahead.server = nodes[(poll * 3 + 1) % nodes.length] ?? 0;
      await mirror.pull(connection, source);
      assertMirrors(mirror, emulator.world.issues(source.key));
    }
  });

  it("does not read twice while clocks only differ a little", async (t) => {
    const stage = await setClocks(t, subject);
    const { connection, source, time, ahead, mirror, listRequests, emulator, edit } = stage;
    await mirror.pull(connection, source);
    edit("so that there is a cursor");
    await mirror.pull(connection, source);
    emulator.requests.clear();
    for (let poll = 0; poll < 6; poll++) {
      ahead.server = poll % 2 === 0 ? -20 * secondMs : 0;
      await time.advance(10 * secondMs);
      await mirror.pull(connection, source);
    }
    assert.equal(listRequests(), 6);
  });
}
