import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Emulator, Fault } from "./emulator.ts";
import { emulatedTrackers, startEmulator } from "./start.ts";

/** Of each tracker, a request with enough in its answer to break off in the middle. */
const questions: Readonly<Record<string, (emulator: Emulator) => Promise<Response>>> = {
  github: ({ url, credentials }) =>
    fetch(`${url}/repos/harborline/portal/issues?state=all&per_page=100`, {
      headers: { authorization: `Bearer ${credentials["GITHUB_TOKEN"]}` },
    }),
  gitlab: ({ url, credentials }) =>
    fetch(`${url}/api/v4/projects/harborline%2Fplatform%2Fbilling/issues?state=all&per_page=100`, {
      headers: { "private-token": credentials["GITLAB_TOKEN"] ?? "" },
    }),
  jira: ({ url, credentials }) =>
    fetch(`${url}/rest/api/3/search/jql`, {
      method: "POST",
      headers: {
        authorization: `Basic ${btoa(`${credentials["JIRA_EMAIL"]}:${credentials["JIRA_API_KEY"]}`)}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ jql: "project = BOOK", fields: ["summary", "description"], maxResults: 80 }),
    }),
  linear: ({ url, credentials }) =>
    fetch(url, {
      method: "POST",
      headers: { authorization: credentials["LINEAR_API_KEY"] ?? "", "content-type": "application/json" },
      body: JSON.stringify({ query: "query List { issues(first: 80) { nodes { id title description } } }" }),
    }),
  rally: ({ url, credentials, sources }) => {
    const workspace = sources[0]?.key.split("/")[0];
    const query = `workspace=/workspace/${workspace}&pagesize=80&fetch=Name,Description`;
    return fetch(`${url}/slm/webservice/v2.0/artifact?${query}`, {
      headers: { zsessionid: credentials["RALLY_API_KEY"] ?? "" },
    });
  },
};

/** What the log shows of that request: a part of its address or of its body. */
const recorded: Readonly<Record<string, RegExp>> = {
  github: /\/issues\?state=all/,
  gitlab: /\/issues\?state=all/,
  jira: /project = BOOK/,
  linear: /query List/,
  rally: /\/artifact\?workspace=/,
};

/** What every emulator breaks in the same way, whatever tracker it stands for. */
for (const tracker of emulatedTrackers) {
  describe(`faults of the ${tracker} emulator`, () => {
    let emulator: Emulator;

    before(async () => {
      emulator = await startEmulator(tracker, { issues: 80, seed: 4 });
    });
    after(() => emulator.close());
    afterEach(() => {
      emulator.faults.clear();
      emulator.requests.clear();
    });

    function ask(): Promise<Response> {
      const send = questions[tracker];
      assert.ok(send, `no question for ${tracker}`);
      return send(emulator);
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

    test("server-error: the status asked for, with a page instead of JSON", async () => {
      emulator.faults.add({ kind: "server-error", value: 503 });
      emulator.faults.add({ kind: "server-error" });
      assert.equal((await ask()).status, 503);
      const second = await ask();
      assert.equal(second.status, 502);
      assert.match(second.headers.get("content-type") ?? "", /html/);
      await assertWhole();
    });

    test("revoked: the credentials are refused until the fault is cleared", async () => {
      emulator.faults.add({ kind: "revoked", times: Number.POSITIVE_INFINITY });
      for (let count = 0; count < 3; count += 1) assert.equal((await ask()).status, 401);
      emulator.faults.clear();
      await assertWhole();
    });

    test("slow and trickle: the answer takes its time and is whole", async () => {
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

    test("held: the answer waits until the faults are cleared", async () => {
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

    test("slow: a caller that gives up does not disturb the next", async () => {
      emulator.faults.add({ kind: "slow", value: 50, path: "/" });
      const abort = AbortSignal.timeout(10);
      await assert.rejects(
        fetch(`${new URL(emulator.url).origin}/nothing`, { signal: abort, headers: { authorization: "x" } }),
      );
      await assertWhole();
    });

    test("after and times: the third and the fourth request fail", async () => {
      emulator.faults.add({ kind: "server-error", value: 500, after: 2, times: 2 });
      const statuses: number[] = [];
      for (let count = 0; count < 6; count += 1) statuses.push((await ask()).status);
      assert.deepEqual(statuses, [200, 200, 500, 500, 200, 200]);
    });

    test("path and body choose the requests", async () => {
      emulator.faults.add({ kind: "server-error", path: "/elsewhere" });
      await assertWhole();
      emulator.faults.clear();
      if (tracker !== "linear") return;
      emulator.faults.add({ kind: "server-error", body: "query Other" });
      await assertWhole();
      emulator.faults.add({ kind: "server-error", body: "query List" });
      assert.equal((await ask()).status, 502);
    });

    test("several kinds at once", async () => {
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

    test("requests are recorded, also the broken ones", async () => {
      await assertWhole();
      emulator.faults.add({ kind: "server-error" });
      await ask();
      // The request that was given up on is recorded when its slow answer is due, which may be now.
      const own = emulator.requests.list().filter(({ url }) => !url.endsWith("/nothing"));
      const [first, second] = own;
      assert.ok(first && second);
      assert.equal(own.length, 2);
      assert.equal(first.status, 200);
      assert.ok(first.bytes > 1_000);
      assert.ok(["authorization", "private-token", "zsessionid"].some((name) => name in first.headers));
      assert.equal(second.status, 502);
      assert.match(`${first.url} ${first.body}`, recorded[tracker] ?? /^$/);
      emulator.requests.clear();
      assert.equal(emulator.requests.count(), 0);
    });
  });
}
