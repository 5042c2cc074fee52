import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { putEmptyMirror } from "../../../test/support/empty-mirror.ts";
import { by, setTwoIssues, title } from "../../../test/support/outbox-stage.ts";
import { eventually } from "../../../test/support/stage.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { type ErrorCode, PanopticonError } from "../../domain/error.ts";
import { openStore } from "../../store/open-store.ts";
import { createPusher } from "./pusher.ts";

// When a change that failed is retried.

const second = 1_000;
const minute = 60 * second;

/** One queued change, and a connection that cannot be opened, for a reason that the test sets. */
async function openStage(t: TestContext) {
  const clock = createVirtualClock();
  const folder = await mkdtemp(join(tmpdir(), "panopticon-patience-"));
  const file = join(folder, "mirror.db");
  await putEmptyMirror(file);
  const store = await openStore({ databaseUrl: null, file, clock });
  const { id } = await setTwoIssues(store);
  const { operation } = await store.outbox.edit(id, [title("Issue 1", "Mine")], by);
  let met: PanopticonError | null = null;
  const tried: number[] = [];
  const make = () => {
    const pusher = createPusher({
      connection: "github",
      store,
      clock,
      open() {
        throw met ?? new Error("the test sets the error first");
      },
      publish: () => undefined,
      onTrouble: () => void tried.push(clock.now()),
    });
    t.after(() => pusher.stop());
    return pusher;
  };
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const entry = async (wanted = operation) => store.outbox.get(wanted ?? assert.fail());
  return {
    clock,
    store,
    make,
    start() {
      const pusher = make();
      pusher.start();
      return pusher;
    },
    id,
    entry,
    /** Number of attempts so far. */
    tries: () => tried.length,
    meet(code: ErrorCode, retryAt?: number) {
      met = new PanopticonError(code, `It met ${code}.`, { retryAt });
    },
    /** How long the operation still waits, after `times` attempts in all. */
    async waits(times: number, wanted = operation): Promise<number> {
      const until = await eventually(async () => {
        const { state, nextAttemptAt } = await entry(wanted);
        const isNoted = tried.length >= times && state === "waiting" && (nextAttemptAt ?? 0) > clock.now();
        return isNoted ? nextAttemptAt : undefined;
      }, `it waits after attempt ${times}`);
      assert.equal(tried.length, times);
      return (until ?? 0) - clock.now();
    },
  };
}

test("without a network, a change is retried after 2 seconds, then after twice as long each time, up to a minute", async (t) => {
  const { clock, start, meet, waits } = await openStage(t);
  meet("unreachable");
  start();
  const all: number[] = [];
  for (let times = 1; times <= 8; times += 1) {
    const wait = await waits(times);
    all.push(wait / second);
    await clock.advance(wait - 1);
    assert.equal(await waits(times), 1, "it is not retried earlier");
    await clock.advance(1);
  }
  assert.deepEqual(all, [2, 4, 8, 16, 32, 60, 60, 60]);
});

test("the wait starts over after a success and when the tracker responds again", async (t) => {
  const { clock, store, start, id, meet, waits, entry } = await openStage(t);
  meet("unreachable");
  const pusher = start();
  for (let times = 1; times <= 3; times += 1) await clock.advance(await waits(times));
  assert.equal(await waits(4), 16 * second);
  await pusher.hasten();
  assert.equal(await waits(5), 2 * second, "it is retried immediately");
  await clock.advance(2 * second);
  assert.equal(await waits(6), 4 * second);

  // A read-only tracker refuses the change, which counts as a response.
  meet("unsupported");
  await clock.advance(4 * second);
  await eventually(async () => (await entry()).state === "refused" || undefined, "it is over");
  meet("unreachable");
  const { operation } = await store.outbox.edit(id, [title("Issue 1", "Mine again")], by);
  pusher.wake();
  assert.equal(await waits(8, operation), 2 * second);
});

test("rejected credentials are retried every 15 minutes, and immediately when a sync succeeds", async (t) => {
  const { clock, make, start, meet, waits } = await openStage(t);
  meet("auth");
  const pusher = start();
  for (let times = 1; times <= 3; times += 1) {
    assert.equal(await waits(times), 15 * minute);
    await clock.advance(15 * minute);
  }
  assert.equal(await waits(4), 15 * minute);
  await pusher.hasten();
  assert.equal(await waits(5), 15 * minute);
  await pusher.stop();
  await make().drain(new AbortController().signal);
  assert.equal(await waits(6), 15 * minute, "a process that is about to end tries once more");
});

test("a rate limit holds for every change of the connection, whatever else succeeds, and for the next process", async (t) => {
  const { clock, store, make, start, id, meet, waits, tries, entry } = await openStage(t);
  meet("rate_limited", clock.now() + 10 * minute);
  const pusher = start();
  assert.equal(await waits(1), 10 * minute);
  await clock.advance(4 * minute);
  await pusher.hasten();
  meet("unreachable");
  const { operation } = await store.outbox.edit(id + 1, [title("Issue 2", "Later")], by);
  pusher.wake();
  assert.equal(await waits(1, operation), 6 * minute);
  assert.equal((await entry(operation)).reason?.code, "rate_limited");
  assert.equal(await waits(1), 6 * minute);
  await pusher.stop();
  const next = make();
  await next.drain(new AbortController().signal);
  assert.equal(await waits(1), 6 * minute, "the next process respects it");
  next.start();
  await clock.advance(6 * minute);
  await eventually(() => tries() > 1 || undefined, "it is retried when the limit ends");
});

test("a rate limit that has already ended does not cause a request loop", async (t) => {
  const { clock, start, meet, waits } = await openStage(t);
  meet("rate_limited", clock.now());
  start();
  assert.equal(await waits(1), second);
});

test("a failing tracker that says when to come back is left alone until then", async (t) => {
  const { clock, start, meet, waits } = await openStage(t);
  meet("unreachable", clock.now() + 5 * minute);
  start();
  assert.equal(await waits(1), 5 * minute);
});

test("an error of the whole connection makes every change wait, an error of one change only that one", async (t) => {
  const { clock, store, start, id, meet, waits, entry } = await openStage(t);
  meet("invalid_response");
  const pusher = start();
  assert.equal(await waits(1), 2 * second);
  meet("auth");
  const { operation } = await store.outbox.edit(id + 1, [title("Issue 2", "Later")], by);
  pusher.wake();
  assert.equal(await waits(2, operation), 15 * minute, "it is sent regardless of the first one");
  await eventually(async () => (await entry()).reason?.code === "auth" || undefined, "the first one waits too");
  assert.equal(await waits(2), 15 * minute);
  await clock.advance(minute);
  assert.equal(await waits(2), 14 * minute);
});
