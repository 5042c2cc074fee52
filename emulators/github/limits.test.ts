import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

describe("the GitHub emulator's budgets and ETags", () => {
  let emulator: Emulator;
  let now = Date.parse("2026-11-22T10:00:00.250Z");

  beforeEach(async () => {
    emulator = await startEmulator("github", { issues: 30, seed: 2, budget: 5, now: () => now });
  });
  afterEach(() => emulator.close());

  function get(path: string, headers: Record<string, string> = {}, token = emulator.credentials["GITHUB_TOKEN"]) {
    return fetch(`${emulator.url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  }
  const list = "/repos/harborline/portal/issues?state=all";

  test("responds to a matching ETag with 304, no body and no cost", async () => {
    const first = await get(list);
    await first.arrayBuffer();
    const etag = first.headers.get("etag") ?? "";
    assert.match(etag, /^W\/"/);
    assert.equal(first.headers.get("x-ratelimit-remaining"), "4");
    for (let count = 0; count < 10; count += 1) {
      const again = await get(list, { "if-none-match": etag });
      assert.equal(again.status, 304);
      assert.equal((await again.text()).length, 0);
      assert.equal(again.headers.get("x-ratelimit-remaining"), "4");
    }
    const [issue] = emulator.world.issues();
    assert.ok(issue);
    emulator.world.edit(issue.nativeId, { title: "Changed" });
    const changed = await get(list, { "if-none-match": etag });
    assert.equal(changed.status, 200);
    assert.equal(changed.headers.get("x-ratelimit-remaining"), "3");
  });

  test("the budget runs out, announces its reset, and resets", async () => {
    for (let count = 0; count < 5; count += 1) assert.equal((await get(list)).status, 200);
    const refused = await get(list);
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get("x-ratelimit-remaining"), "0");
    assert.match(((await refused.json()) as { message: string }).message, /^API rate limit exceeded for user ID \d+/);
    const reset = Number(refused.headers.get("x-ratelimit-reset")) * 1_000;
    assert.ok(reset > now && reset <= now + 3_601_000);
    assert.equal((await get(list, {}, emulator.otherCredentials["GITHUB_TOKEN"])).status, 200, "another account");
    now = reset;
    assert.equal((await get(list)).status, 200);
  });

  test("asking for the budget is free; search has its own", async () => {
    const read = async () =>
      (await (await get("/rate_limit")).json()) as { resources: Record<string, { remaining: number; limit: number }> };
    assert.equal((await read()).resources["core"]?.remaining, 5);
    const search = await get("/search/issues?q=repo:harborline/portal+is:issue");
    assert.equal(search.headers.get("x-ratelimit-resource"), "search");
    const { resources } = await read();
    assert.equal(resources["core"]?.remaining, 5);
    assert.equal(resources["search"]?.remaining, 29);
  });

  test("primary and secondary limits on demand", async () => {
    emulator.faults.add({ kind: "rate-limit", value: 90 });
    const primary = await get(list);
    assert.equal(primary.status, 403);
    assert.equal(primary.headers.get("x-ratelimit-remaining"), "0");
    assert.equal(primary.headers.get("x-ratelimit-reset"), String(Math.ceil((now + 90_000) / 1_000)));
    assert.equal(primary.headers.get("retry-after"), null);
    emulator.faults.add({ kind: "secondary-limit", value: 7, status: 429 });
    const secondary = await get(list);
    assert.equal(secondary.status, 429);
    assert.equal(secondary.headers.get("retry-after"), "7");
    assert.notEqual(secondary.headers.get("x-ratelimit-remaining"), "0");
    emulator.faults.add({ kind: "secondary-limit" });
    const silent = await get(list);
    assert.equal(silent.status, 403);
    assert.equal(silent.headers.get("retry-after"), null);
    emulator.faults.add({ kind: "no-limit-headers" });
    assert.deepEqual(
      [...(await get(list)).headers.keys()].filter((name) => name.startsWith("x-ratelimit")),
      [],
    );
    assert.equal((await get(list)).status, 200);
  });

  test("timestamps and the Date header have whole seconds", async () => {
    const [issue] = emulator.world.issues();
    assert.ok(issue);
    emulator.world.edit(issue.nativeId, { title: "Stamped" });
    const response = await get("/repos/harborline/portal/issues/1");
    assert.equal(response.headers.get("date"), new Date(now).toUTCString());
    const { updated_at: updatedAt } = (await response.json()) as { updated_at: string };
    assert.equal(updatedAt, `${new Date(now).toISOString().slice(0, 19)}Z`);
    emulator.faults.add({ kind: "clock-skew", value: -86_400_000 });
    assert.equal((await get(list)).headers.get("date"), new Date(now - 86_400_000).toUTCString());
  });
});

describe("the GitHub emulator's secondary limits", () => {
  let emulator: Emulator;
  let now = Date.parse("2026-11-22T10:00:00.250Z");

  beforeEach(async () => {
    emulator = await startEmulator("github", { issues: 10, seed: 2, now: () => now });
  });
  afterEach(() => emulator.close());

  async function send(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${emulator.url}/repos/harborline/portal${path}`, {
      method,
      headers: { authorization: `Bearer ${emulator.credentials["GITHUB_TOKEN"]}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await response.clone().arrayBuffer();
    return response;
  }

  test("allows 80 creations a minute and 500 an hour", async () => {
    let made = 0;
    for (const minute of [80, 80, 80, 80, 80, 80, 20]) {
      for (let count = 0; count < minute; count += 1) {
        assert.equal((await send("POST", "/issues", { title: "One more" })).status, 201);
        made += 1;
      }
      const refused = await send("POST", "/issues/1/comments", { body: "Too soon" });
      assert.equal(refused.status, 403);
      assert.match(((await refused.json()) as { message: string }).message, /blocked from content creation/);
      assert.equal((await send("GET", "/issues/1")).status, 200, "reading goes on");
      const wait = Number(refused.headers.get("retry-after"));
      assert.equal(wait > 60, made === 500, `${wait} seconds after ${made}`);
      now += Math.min(wait, 60) * 1_000;
    }
    assert.equal((await send("POST", "/issues", { title: "One more" })).status, 403);
  });

  test("allows 900 points a minute: one per read, five per write", async () => {
    for (let count = 0; count < 179; count += 1) {
      assert.equal((await send("PATCH", "/issues/1", { title: `Turn ${count}` })).status, 200);
    }
    for (let count = 0; count < 5; count += 1) assert.equal((await send("GET", "/issues/1")).status, 200);
    const refused = await send("GET", "/issues/1");
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get("retry-after"), "60");
    now += 60_000;
    assert.equal((await send("GET", "/issues/1")).status, 200);
  });
});
