import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { after, before } from "../test/support/hooks.ts";
import { createTestMirror } from "../test/support/mirror.ts";
import type { Emulator, Fault, RecordedRequest } from "./emulator.ts";
import { emulatedTrackers, startEmulator } from "./start.ts";

/** The request of a first sync with the largest response: large enough to break off in the middle. */
async function findQuestion(emulator: Emulator): Promise<RecordedRequest> {
  const mirror = await createTestMirror([emulator]);
  try {
    await mirror.sync.syncNow();
  } finally {
    await mirror.close();
  }
  const [largest] = emulator.requests.list().toSorted((a, b) => b.bytes - a.bytes);
  assert.ok(largest && largest.status === 200, "a first sync reads a page");
  return largest;
}

/** Headers that belong to a connection, or that shorten the response. */
const notRepeated = ["host", "connection", "content-length", "accept-encoding", "if-none-match"];

/** Faults that work the same in every emulator. */
for (const tracker of emulatedTrackers) {
  describe(`faults of the ${tracker} emulator`, () => {
    let emulator: Emulator;
    let question: RecordedRequest;

    before(async () => {
      emulator = await startEmulator(tracker, { issues: 80, seed: 4 });
      question = await findQuestion(emulator);
      emulator.requests.clear();
    });
    after(() => emulator.close());
    afterEach(() => {
      emulator.faults.clear();
      emulator.requests.clear();
    });

    function ask(): Promise<Response> {
      const { method, url, headers, body } = question;
      const repeated = Object.entries(headers).filter(([name]) => !notRepeated.includes(name));
      return fetch(new URL(url, emulator.url), {
        method,
        headers: Object.fromEntries(repeated),
        ...(body === "" ? {} : { body }),
      });
    }

    async function assertWhole(): Promise<void> {
      const response = await ask();
      assert.equal(response.status, 200);
      await response.json();
    }

    for (const kind of ["reset", "truncate"] as const) {
      test(`${kind}: the headers promise a body that breaks off`, async () => {
        emulator.faults.add({ kind });
        const response = await ask();
        assert.equal(response.status, 200);
        await assert.rejects(response.text());
        await assertWhole();
      });
    }

    test("malformed-json: the body is complete and does not parse", async () => {
      emulator.faults.add({ kind: "malformed-json" });
      const response = await ask();
      const text = await response.text();
      assert.equal(String(Buffer.byteLength(text)), response.headers.get("content-length"));
      assert.throws(() => JSON.parse(text), SyntaxError);
      await assertWhole();
    });

    test("server-error: the requested status, with a page instead of JSON", async () => {
      emulator.faults.add({ kind: "server-error", value: 503 });
      emulator.faults.add({ kind: "server-error" });
      assert.equal((await ask()).status, 503);
      const second = await ask();
      assert.equal(second.status, 502);
      assert.match(second.headers.get("content-type") ?? "", /html/);
      await assertWhole();
    });

    test("revoked: rejects the credentials until the fault is cleared", async () => {
      emulator.faults.add({ kind: "revoked", times: Number.POSITIVE_INFINITY });
      for (let count = 0; count < 3; count += 1) assert.equal((await ask()).status, 401);
      emulator.faults.clear();
      await assertWhole();
    });

    test("slow and trickle: the response is delayed but complete", async () => {
      const faults: readonly Fault[] = [
        { kind: "slow", value: 60 },
        { kind: "trickle", value: 10 },
      ];
      for (const fault of faults) {
        emulator.faults.add(fault);
        const start = performance.now();
        await assertWhole();
        assert.ok(performance.now() - start >= 55, fault.kind);
      }
    });

    test("held: the response waits until the faults are cleared", async () => {
      emulator.faults.add({ kind: "held" });
      let isAnswered = false;
      const asked = ask().then((answer) => {
        isAnswered = true;
        return answer;
      });
      await assertWhole();
      assert.equal(isAnswered, false);
      emulator.faults.clear();
      assert.equal((await asked).status, 200);
    });

    test("slow: a caller that gives up does not affect the next one", async () => {
      emulator.faults.add({ kind: "slow", value: 50, path: "/" });
      const abort = AbortSignal.timeout(10);
      await assert.rejects(
        fetch(`${new URL(emulator.url).origin}/nothing`, { signal: abort, headers: { authorization: "x" } }),
      );
      await assertWhole();
    });

    test("after and times: the third and fourth requests fail", async () => {
      emulator.faults.add({ kind: "server-error", value: 500, after: 2, times: 2 });
      const statuses: number[] = [];
      for (let count = 0; count < 6; count += 1) statuses.push((await ask()).status);
      assert.deepEqual(statuses, [200, 200, 500, 500, 200, 200]);
    });

    test("path and body select requests", async () => {
      emulator.faults.add({ kind: "server-error", path: "/elsewhere" });
      await assertWhole();
      emulator.faults.clear();
      emulator.faults.add({ kind: "server-error", body: "something else" });
      await assertWhole();
      const [part] = /\w{4,}/.exec(question.body) ?? [];
      emulator.faults.add({ kind: "server-error", path: new URL(question.url, emulator.url).pathname });
      assert.equal((await ask()).status, 502);
      if (part === undefined) return;
      emulator.faults.add({ kind: "server-error", body: part });
      assert.equal((await ask()).status, 502);
    });

    test("combines several kinds", async () => {
      emulator.faults.add({ kind: "clock-skew", value: 86_400_000 });
      emulator.faults.add({ kind: "no-limit-headers" });
      const response = await ask();
      assert.equal(response.status, 200);
      assert.ok(Date.parse(response.headers.get("date") ?? "") > Date.now() + 86_000_000);
      assert.deepEqual(
        [...response.headers.keys()].filter((name) => name.includes("ratelimit")),
        [],
      );
      assert.ok(Math.abs(Date.parse((await ask()).headers.get("date") ?? "") - Date.now()) < 60_000);
    });

    test("records requests, including those with faults", async () => {
      await assertWhole();
      emulator.faults.add({ kind: "server-error" });
      await ask();
      // The abandoned request is recorded when its slow response is due, which may be now.
      const own = emulator.requests.list().filter(({ url }) => !url.endsWith("/nothing"));
      const [first, second] = own;
      assert.ok(first && second);
      assert.equal(own.length, 2);
      assert.equal(first.status, 200);
      assert.ok(first.bytes > 1_000);
      assert.ok(["authorization", "private-token", "zsessionid"].some((name) => name in first.headers));
      assert.equal(second.status, 502);
      assert.deepEqual([first.method, first.url, first.body], [question.method, question.url, question.body]);
      emulator.requests.clear();
      assert.equal(emulator.requests.count(), 0);
    });
  });
}
