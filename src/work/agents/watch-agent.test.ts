import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { createVirtualClock, type VirtualClock } from "../../../test/support/virtual-clock.ts";
import { makeAgent } from "../dispatch/fixture.ts";
import { type AgentFiles, agentFiles, agentFolder } from "./agent-files.ts";
import { type AgentWatch, watchAgent } from "./watch-agent.ts";

// The state derived from an agent's output and signals, step by step.

const bell = "\u0007";
const choiceIsReadAfter = 2_001;

let home: string;
let clock: VirtualClock;
let files: AgentFiles;
let watch: AgentWatch;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pan-watch-"));
  clock = createVirtualClock();
  const folder = agentFolder(home, 1);
  mkdirSync(folder, { recursive: true });
  files = agentFiles(folder);
  writeFileSync(files.log, "");
  watch = watchAgent({ home, clock }, makeAgent({ id: 1, since: clock.now() }), 60_000);
});
afterEach(() => rmSync(home, { recursive: true }));

/** The detected state after this output; null if unchanged. */
function see(written = ""): string | null {
  appendFileSync(files.log, written);
  return watch.look()?.state ?? null;
}

test("a bell is a question until more is written than a blinking cursor", async () => {
  assert.equal(see(`Which one?${bell}`), "waiting");
  // The rest of the question.
  assert.equal(see("x".repeat(1_000)), null);
  await clock.advance(1_500);
  assert.equal(see("b".repeat(200)), null);
  await clock.advance(1_500);
  assert.equal(see("b".repeat(50)), null);
  assert.equal(see("b".repeat(50)), "running");
});

test("a bell right after an answer is ignored", async () => {
  assert.equal(see(bell), "waiting");
  await clock.advance(5_000);
  watch.answered(clock.now());
  await clock.advance(500);
  assert.equal(see(`thank you${bell}`), null);
  await clock.advance(1_000);
  assert.equal(see(`and now?${bell}`), "waiting");
});

test("window titles are neither an end of silence nor of a bell", async () => {
  const title = `\u001b]0;[ ! ] Action required, ${"x".repeat(100)}\u0007`;
  for (let second = 0; second < 59; second += 1) {
    await clock.advance(1_000);
    assert.equal(see(title), null);
  }
  await clock.advance(1_001);
  assert.equal(see(title), "waiting");
  watch.answered(clock.now());
  await clock.advance(1_001);
  assert.equal(see(bell), "waiting");
  await clock.advance(1_001);
  assert.equal(see(title.repeat(10)), null);
});

test("a program that said that it waits, and writes on and on, works again", async () => {
  const wait = (message: string | null) => {
    files.signal({ signal: "waiting", at: clock.now(), message, cost: null, tokens: null });
    return watch.look();
  };
  await clock.advance(1);
  assert.equal(wait("Which one?")?.patch.reason, "Which one?");
  assert.equal(wait(null), null, "the same question, without its words");
  // Somebody types an answer, with pauses.
  for (let word = 0; word < 20; word += 1) {
    await clock.advance(2_000);
    assert.equal(see("x".repeat(400)), null);
  }
  const spin = async (seconds: number, bytes: number) => {
    for (let tick = 0; tick < seconds * 4; tick += 1) {
      await clock.advance(250);
      if (see("x".repeat(bytes)) === "running") return true;
    }
    return false;
  };
  await clock.advance(2_000);
  assert.equal(await spin(30, 8), false, "a cursor blinks");
  await clock.advance(2_000);
  assert.equal(await spin(30, 120), true, "a spinner turns");
});

test("a screen drawn once more after a question is no work", async () => {
  files.signal({ signal: "waiting", at: clock.now() + 1, message: "Which one?", cost: null, tokens: null });
  await clock.advance(2);
  assert.equal(see(), "waiting");
  await clock.advance(2_000);
  assert.equal(see("x".repeat(20_000)), null);
  for (let second = 0; second < 20; second += 1) {
    await clock.advance(1_000);
    assert.equal(see(), null);
  }
});

test("a question asked in two ways is one, with the later words", async () => {
  appendFileSync(files.log, "\u001b]9;Turn complete\u0007");
  const first = watch.look()?.patch;
  assert.deepEqual([first?.state, first?.reason, first?.since], ["waiting", "Turn complete", clock.now()]);
  await clock.advance(300);
  files.signal({ signal: "waiting", at: clock.now(), message: "Done. Anything else?", cost: null, tokens: null });
  assert.deepEqual(watch.look()?.patch, { state: "waiting", reason: "Done. Anything else?" });
  await clock.advance(5_000);
  files.signal({ signal: "waiting", at: clock.now(), message: "Well?", cost: null, tokens: null });
  assert.equal(watch.look()?.patch.since, clock.now());
});

test("a choice on the screen is a question after a moment, until it is gone", async () => {
  await clock.advance(1_000);
  assert.equal(watch.look("Do you trust it?"), null);
  await clock.advance(1_001);
  assert.deepEqual(watch.look("Do you trust it?")?.patch.reason, "Do you trust it?");
  // It is drawn again for a viewer of another size.
  appendFileSync(files.log, "x".repeat(5_000));
  assert.equal(watch.look("Do you trust it?"), null);
  await clock.advance(choiceIsReadAfter);
  assert.deepEqual(watch.look("All of it?")?.patch, { state: "waiting", reason: "All of it?", since: clock.now() });
  assert.equal(see("Thank you."), "running");
});

test("what is written while the screen still asks is no work", async () => {
  files.signal({ signal: "waiting", at: clock.now() + 1, message: "May I?", cost: null, tokens: null });
  await clock.advance(2);
  assert.equal(watch.look()?.state, "waiting");
  for (let tick = 0; tick < 40; tick += 1) {
    await clock.advance(250);
    appendFileSync(files.log, "x".repeat(400));
    assert.equal(watch.look("Do you want to proceed?"), null);
  }
  assert.equal(watch.look()?.state, "running");
});

test("silence counts as waiting until anything is written; a signal lasts until the next signal", async () => {
  await clock.advance(60_001);
  assert.equal(see(), "waiting");
  assert.equal(see("."), "running");
  files.signal({ signal: "waiting", at: clock.now(), message: "Which one?", cost: null, tokens: null });
  assert.equal(see(), "waiting");
  await clock.advance(5_000);
  assert.equal(see("x".repeat(5_000)), null);
  files.signal({ signal: "running", at: clock.now(), message: null, cost: null, tokens: null });
  assert.equal(see(), "running");
});
