import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startEmulator } from "../start.ts";

const start = Date.parse("2026-11-22T10:00:20.250Z");

async function open(variant: string, budget: number) {
  let now = start;
  const emulator = await startEmulator("jira", { issues: 30, seed: 2, budget, variant, now: () => now });
  const get = (path: string, credentials = emulator.credentials) => {
    const { JIRA_EMAIL, JIRA_API_KEY } = credentials;
    const authorization =
      JIRA_EMAIL === undefined ? `Bearer ${JIRA_API_KEY}` : `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}`;
    return fetch(`${emulator.url}/rest/api/2${path}`, { headers: { authorization } });
  };
  return { emulator, get, pass: (ms: number) => (now += ms) };
}

describe("the Jira emulator's limits", () => {
  test("Cloud: the hourly budget runs out, announces the minute of its reset, and is renewed", async () => {
    const { emulator, get, pass } = await open("cloud", 5);
    try {
      for (let count = 4; count >= 0; count--) {
        const response = await get("/myself");
        assert.equal(response.headers.get("x-ratelimit-remaining"), String(count));
        assert.equal(response.headers.get("x-ratelimit-reset"), "2026-11-22T11:01Z");
      }
      const refused = await get("/myself");
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get("retry-after"), "3600");
      assert.equal(refused.headers.get("ratelimit-reason"), "jira-quota-global-based");
      assert.equal((await get("/myself", emulator.otherCredentials)).status, 200, "another account");
      pass(3_600_000);
      assert.equal((await get("/myself")).status, 200);
    } finally {
      await emulator.close();
    }
  });

  test("Data Center: a bucket that refills every minute", async () => {
    const { emulator, get, pass } = await open("data-center", 10);
    try {
      for (let count = 0; count < 10; count++) assert.equal((await get("/myself")).status, 200);
      const refused = await get("/myself");
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get("retry-after"), "60");
      for (const [name, value] of [
        ["limit", "10"],
        ["remaining", "0"],
        ["fillrate", "1"],
        ["interval-seconds", "60"],
      ]) {
        assert.equal(refused.headers.get(`x-ratelimit-${name}`), value);
      }
      pass(120_000);
      assert.deepEqual(
        [(await get("/myself")).status, (await get("/myself")).status, (await get("/myself")).status],
        [200, 200, 429],
      );
    } finally {
      await emulator.close();
    }
  });

  test("limits on demand, with and without a wait, and responses that announce nothing", async () => {
    const { emulator, get } = await open("cloud", 1_000);
    try {
      emulator.faults.add({ kind: "rate-limit", value: 90 });
      const primary = await get("/myself");
      assert.equal(primary.status, 429);
      assert.equal(primary.headers.get("retry-after"), "90");
      assert.equal(primary.headers.get("x-ratelimit-remaining"), "0");
      emulator.faults.add({ kind: "secondary-limit" });
      const silent = await get("/myself");
      assert.equal(silent.headers.get("ratelimit-reason"), "jira-burst-based");
      assert.equal(silent.headers.get("retry-after"), null);
      emulator.faults.add({ kind: "no-limit-headers" });
      assert.deepEqual(
        [...(await get("/myself")).headers.keys()].filter((name) => name.includes("ratelimit")),
        [],
      );
    } finally {
      await emulator.close();
    }
  });

  test("a delayed search shows a change late, and immediately for issues to reconcile", async () => {
    const { emulator, pass } = await open("cloud", 1_000);
    const { JIRA_EMAIL, JIRA_API_KEY } = emulator.credentials;
    const find = async (reconcileIssues: number[] = []) => {
      const response = await fetch(`${emulator.url}/rest/api/3/search/jql`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}` },
        body: JSON.stringify({ jql: 'project = BOOK AND labels = "fresh"', fields: ["summary"], reconcileIssues }),
      });
      return ((await response.json()) as { issues: { id: string }[] }).issues.map(({ id }) => id);
    };
    try {
      emulator.world.lagSearch?.(60_000);
      const [first, second] = emulator.world.issues("BOOK");
      assert.ok(first && second);
      for (const { nativeId } of [first, second]) emulator.world.edit(nativeId, { labels: ["fresh"] });
      assert.deepEqual(await find(), []);
      assert.deepEqual(await find([Number(first.nativeId)]), [first.nativeId]);
      pass(60_000);
      assert.deepEqual((await find()).toSorted(), [first.nativeId, second.nativeId].toSorted());
    } finally {
      await emulator.close();
    }
  });
});
