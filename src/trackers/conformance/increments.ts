import assert from "node:assert/strict";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { assertMirrors, createMirror } from "./mirror.ts";
import { fill } from "./pull.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

/** What later runs return, and what they do not. */
export function testIncrements(it: Register, subject: Subject): void {
  it("returns nothing if nothing changed", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 50 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    for (let poll = 0; poll < 3; poll++) assert.equal((await mirror.pull(connection, source)).news, 0);
    assertMirrors(mirror, emulator.world.issues(source.key));
  });

  it("returns one change", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 50 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    await mirror.pull(connection, source);
    const [first] = emulator.world.issues(source.key);
    emulator.world.edit(first?.nativeId ?? "", { title: "new title" });
    assert.equal((await mirror.pull(connection, source)).news, 1);
    assertMirrors(mirror, emulator.world.issues(source.key));
    assert.equal((await mirror.pull(connection, source)).news, 0);
  });

  it("returns changes of the same second as the previous poll", async (t) => {
    const clock = createVirtualClock();
    const { connection, source, emulator } = await setStage(t, subject, { issues: 50, clock });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = emulator.world.issues(source.key);
    // The clock stands still: all of this happens in the same instant.
    for (const [index, issue] of issues.slice(0, 5).entries()) {
      emulator.world.edit(issue.nativeId, { title: `edit ${index}` });
      await mirror.pull(connection, source);
      emulator.world.edit(issue.nativeId, { body: `and again ${index}` });
      await mirror.pull(connection, source);
      assertMirrors(mirror, emulator.world.issues(source.key));
    }
  });

  it("overlaps, to find what a lagging replica shows late", async (t) => {
    const clock = createVirtualClock();
    const { connection, source, emulator } = await setStage(t, subject, { issues: 50, clock });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const before = clock.now();
    await clock.advance(10 * 60_000);
    await mirror.pull(connection, source);
    emulator.world.edit(emulator.world.issues(source.key)[1]?.nativeId ?? "", { title: "moves the cursor" });
    await mirror.pull(connection, source);
    // With a time a minute before the last run started, and visible only now.
    const [first] = emulator.world.issues(source.key);
    emulator.world.edit(first?.nativeId ?? "", { title: "late", updatedAt: clock.now() - 60_000 });
    await mirror.pull(connection, source);
    assertMirrors(mirror, emulator.world.issues(source.key));
    assert.ok(clock.now() > before);
  });

  it("returns more changes than fit on a page", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject);
    fill(emulator, subject, subject.pageSize * 2);
    const mirror = createMirror();
    await mirror.pull(connection, source);
    for (const issue of emulator.world.issues(source.key)) emulator.world.edit(issue.nativeId, { body: "all of them" });
    await mirror.pull(connection, source);
    assertMirrors(mirror, emulator.world.issues(source.key));
    emulator.world.create(source.key, { title: "one more behind a full page" });
    await mirror.pull(connection, source);
    assertMirrors(mirror, emulator.world.issues(source.key));
  });

  it("finds what is added after a page that was exactly full", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject);
    const mirror = createMirror();
    await mirror.pull(connection, source);
    for (let index = 0; index < subject.pageSize; index++)
      emulator.world.create(source.key, { title: `Issue ${index}` });
    // Twice: once with changes, once to settle on a URL that can answer "unchanged".
    await mirror.pull(connection, source);
    await mirror.pull(connection, source);
    emulator.world.create(source.key, { title: "behind" });
    await mirror.pull(connection, source);
    assertMirrors(mirror, emulator.world.issues(source.key));
  });

  it("works with a clock that is off by a day", async (t) => {
    const skewed = createVirtualClock(Date.now() + 24 * 60 * 60_000);
    const { open, source, emulator } = await setStage(t, subject, { issues: 30 });
    const { connection } = open({ clock: skewed });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    emulator.world.create(source.key, { title: "after the first run" });
    await mirror.pull(connection, source);
    assertMirrors(mirror, emulator.world.issues(source.key));
  });

  it("returns an issue that was closed and one that was reopened", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 60 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const world = emulator.world.issues(source.key);
    const open = world.find((issue) => !issue.closed);
    const closed = world.find((issue) => issue.closed);
    emulator.world.edit(open?.nativeId ?? "", { state: subject.states.closed });
    emulator.world.edit(closed?.nativeId ?? "", { state: subject.states.open });
    assert.equal((await mirror.pull(connection, source)).news, 2);
    assert.notEqual(mirror.issues.get(open?.nativeId ?? "")?.closedAt, null);
    assert.equal(mirror.issues.get(closed?.nativeId ?? "")?.closedAt, null);
  });
}
