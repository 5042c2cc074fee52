import assert from "node:assert/strict";
import type { Emulator } from "../../../emulators/emulator.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { assertMirrors, createMirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Creates open issues, a minute apart, the last one an hour ago. */
export function fill(emulator: Emulator, subject: Subject, count: number, state = subject.states.open): void {
  const key = emulator.sources[0]?.key ?? "";
  const start = Math.floor(Date.now() / 1000) * 1000 - 60 * minuteMs - count * minuteMs;
  for (let index = 0; index < count; index++) {
    emulator.world.create(key, {
      title: `Issue ${index}`,
      body: `Body ${index}`,
      state,
      updatedAt: start + index * minuteMs,
    });
  }
}

/** The first run, with all sizes of sources, interruptions and concurrent changes. */
export function testPull(it: Register, subject: Subject): void {
  const { pageSize } = subject;

  for (const [name, count] of [
    ["an empty source", 0],
    ["one page", 7],
    ["exactly one page", pageSize],
    ["one more than a page", pageSize + 1],
    ["exactly three pages", pageSize * 3],
    ["many pages", pageSize * 4 + 13],
  ] as const) {
    it(`mirrors ${name}`, async (t) => {
      const { connection, source, emulator } = await setStage(t, subject);
      fill(emulator, subject, count);
      const mirror = createMirror();
      const { pages } = await mirror.pull(connection, source);
      assertMirrors(mirror, emulator.world.issues(source.key));
      assert.equal(pages.at(-1)?.progress.done, count);
      assert.notEqual(mirror.cursor(), null);
    });
  }

  it("mirrors a seeded source: open issues first, then closed ones", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: pageSize * 3 });
    const mirror = createMirror();
    const { pages } = await mirror.pull(connection, source);
    const world = emulator.world.issues(source.key);
    assertMirrors(mirror, world);
    const closed = new Map(world.map((issue) => [issue.nativeId, issue.closed]));
    const orders = pages.map((page) => page.changes.map((issue) => closed.get(issue.nativeId)));
    assert.ok(orders.flat().includes(true));
    for (const order of subject.mixesStates === true ? orders : [orders.flat()]) {
      assert.ok(!order.includes(true) || order.lastIndexOf(false) < order.indexOf(true));
    }
  });

  it("leaves out closed issues outside the history window, and counts them if it can", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: pageSize * 2 });
    const historyMs = 30 * dayMs;
    const mirror = createMirror();
    await mirror.pull(connection, { ...source, historyMs });
    const world = emulator.world.issues(source.key);
    const inside = world.filter((issue) => !issue.closed || issue.updatedAt >= Date.now() - historyMs);
    assert.ok(inside.length < world.length);
    assertMirrors(mirror, inside);
    const outside = await connection.countOutside({ ...source, historyMs });
    assert.equal(outside, subject.definition.capabilities.countsOutside ? world.length - inside.length : null);
    assert.equal(await connection.countOutside(source), 0);
  });

  it("resumes after an interruption at each page", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: pageSize * 4 });
    const whole = await createMirror().pull(connection, source);
    for (let page = 1; page < whole.pages.length; page++) {
      const mirror = createMirror();
      await mirror.pull(connection, source, { breakAfter: page });
      emulator.requests.clear();
      await mirror.pull(connection, source);
      assertMirrors(mirror, emulator.world.issues(source.key));
      const asked = emulator.requests.list().filter(subject.isListRequest).length;
      assert.ok(asked <= whole.pages.length - page + 1, `${asked} requests after a break at page ${page}`);
    }
  });

  it("resumes if every page is interrupted", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: pageSize * 4 });
    const mirror = createMirror();
    for (let run = 0; mirror.cursor() === null; run++) {
      assert.ok(run < 50, "the run never ends");
      await mirror.pull(connection, source, { breakAfter: 1 });
    }
    assertMirrors(mirror, emulator.world.issues(source.key));
  });

  it("misses nothing that changes between pages", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: pageSize * 4 });
    const { world } = emulator;
    const ids = world.issues(source.key).map((issue) => issue.nativeId);
    const mirror = createMirror();
    let turn = 0;
    await mirror.pull(connection, source, {
      onPage: () => {
        // One that was read, one that was not, one that changes its status, one that is new.
        const pick = (share: number) => ids[Math.floor(ids.length * share + turn) % ids.length] ?? "";
        world.edit(pick(0.1), { title: `edited early ${turn}` });
        world.edit(pick(0.9), { title: `edited late ${turn}` });
        world.edit(pick(0.3), { state: subject.states.closed });
        world.edit(pick(0.7), { state: subject.states.open });
        world.create(source.key, { title: `new ${turn}` });
        turn += 1;
      },
    });
    // The next run reads what changed behind the current one.
    await mirror.pull(connection, source);
    assertMirrors(mirror, world.issues(source.key));
  });

  it("continues from where a run started, however long it took, so that the next run reads what changed behind it", async (t) => {
    const clock = createVirtualClock();
    const { connection, source, emulator } = await setStage(t, subject, { issues: pageSize * 6, clock });
    const { world } = emulator;
    const mirror = createMirror();
    const edited = new Set<string>();
    await mirror.pull(connection, source, {
      onPage: ({ finished }) => {
        if (finished !== null) return;
        const read = world
          .issues(source.key)
          .find(({ nativeId, closed }) => mirror.issues.has(nativeId) && !closed && !edited.has(nativeId));
        if (read === undefined) return;
        edited.add(read.nativeId);
        // More time than any overlap has passed when the next page is requested.
        void clock.advance(15 * minuteMs);
        world.edit(read.nativeId, { title: `edited behind the run, ${edited.size}` });
      },
    });
    assert.ok(edited.size > 2, "the run took several pages");
    await mirror.pull(connection, source);
    assertMirrors(mirror, world.issues(source.key));
  });

  it("reads a crowd of equal times, even if it changes meanwhile", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject);
    const { world } = emulator;
    const at = Math.floor(Date.now() / 1000) * 1000 - dayMs;
    const count = Math.ceil(pageSize * 2.5);
    for (let index = 0; index < count; index++) world.create(source.key, { title: `Same ${index}`, updatedAt: at });
    fill(emulator, subject, 20);

    const calm = createMirror();
    await calm.pull(connection, source);
    assertMirrors(calm, world.issues(source.key));

    const ids = world.issues(source.key).map((issue) => issue.nativeId);
    const mirror = createMirror();
    let turn = 0;
    await mirror.pull(connection, source, {
      onPage: () => {
        const id = ids[turn * 3];
        if (turn < 3 && id !== undefined) world.edit(id, { title: `left the crowd ${turn}` });
        turn += 1;
      },
    });
    // Those that left the crowd may be read by the next run; all others must be there.
    const missing = world
      .issues(source.key)
      .filter((issue) => !mirror.issues.has(issue.nativeId) && !issue.title.startsWith("left the crowd"));
    assert.deepEqual(missing, [], "an issue that left the crowd hides no other");
    await mirror.pull(connection, source);
    assertMirrors(mirror, world.issues(source.key));
  });

  it("resumes inside a crowd after an interruption at each page", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject);
    const at = Math.floor(Date.now() / 1000) * 1000 - dayMs;
    const count = Math.ceil(pageSize * 2.5);
    for (let index = 0; index < count; index++) {
      emulator.world.create(source.key, { title: `Same ${index}`, updatedAt: at });
    }
    const whole = await createMirror().pull(connection, source);
    for (let page = 1; page < whole.pages.length; page++) {
      const mirror = createMirror();
      await mirror.pull(connection, source, { breakAfter: page });
      await mirror.pull(connection, source);
      assertMirrors(mirror, emulator.world.issues(source.key));
    }
  });

  it("ends when aborted", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: pageSize * 3 });
    const controller = new AbortController();
    const mirror = createMirror();
    await assert.rejects(
      mirror.pull(connection, source, { signal: controller.signal, onPage: () => controller.abort() }),
    );
    assert.equal(mirror.cursor(), null);
  });
}
