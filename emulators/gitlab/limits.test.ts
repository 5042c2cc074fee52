import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

describe("the GitLab emulator's budgets and ETags", () => {
  let emulator: Emulator;
  let now = Date.parse("2026-11-22T10:00:00.250Z");

  beforeEach(async () => {
    emulator = await startEmulator("gitlab", { issues: 30, seed: 2, budget: 5, now: () => now });
  });
  afterEach(() => emulator.close());

  const list = "/api/v4/projects/harborline%2Fplatform%2Fbilling/issues";
  function get(path: string, headers: Record<string, string> = {}, token = emulator.credentials["GITLAB_TOKEN"] ?? "") {
    return fetch(emulator.url + path, { headers: { "private-token": token, ...headers } });
  }

  test("the budget runs out in plain text, announces its reset, and resets", async () => {
    for (let left = 4; left >= 0; left -= 1) {
      const answer = await get(list);
      await answer.arrayBuffer();
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("ratelimit-remaining"), String(left));
      assert.equal(answer.headers.get("ratelimit-limit"), "5");
    }
    const refused = await get(list);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("content-type"), "text/plain");
    assert.equal(await refused.text(), "Retry later\n");
    assert.equal(refused.headers.get("retry-after"), "60");
    const reset = Number(refused.headers.get("ratelimit-reset")) * 1_000;
    assert.ok(reset > now && reset <= now + 60_000);
    const other = await get(list, {}, emulator.otherCredentials["GITLAB_TOKEN"]);
    assert.equal(other.status, 200, "another user");
    now = reset;
    assert.equal((await get(list)).status, 200);
  });

  test("responds to a matching ETag with 304 and no body, and counts the request", async () => {
    const first = await get(list);
    await first.arrayBuffer();
    const etag = first.headers.get("etag") ?? "";
    assert.match(etag, /^W\/"/);
    const again = await get(list, { "if-none-match": etag });
    assert.equal(again.status, 304);
    assert.equal((await again.text()).length, 0);
    assert.equal(again.headers.get("ratelimit-remaining"), "3");
    const [issue] = emulator.world.issues();
    assert.ok(issue);
    emulator.world.edit(issue.nativeId, { title: "Changed" });
    const changed = await get(list, { "if-none-match": etag });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.get("etag"), etag);
  });

  test("a call's own limit responds in JSON, with or without a reset time", async () => {
    emulator.faults.add({ kind: "secondary-limit", value: 30 });
    const told = await get(list);
    assert.equal(told.status, 429);
    assert.equal(told.headers.get("retry-after"), "30");
    assert.match(await told.text(), /requested too many times/);
    emulator.faults.add({ kind: "secondary-limit" });
    const untold = await get(list);
    assert.equal(untold.status, 429);
    assert.equal(untold.headers.get("retry-after"), null);
  });

  test("revoked and missing tokens get different responses", async () => {
    emulator.faults.add({ kind: "revoked" });
    const revoked = await get("/api/v4/user");
    assert.equal(revoked.status, 401);
    assert.equal(((await revoked.json()) as { error: string }).error, "invalid_token");
    const missing = await fetch(`${emulator.url}/api/v4/user`);
    assert.equal(missing.status, 401);
    assert.deepEqual(await missing.json(), { message: "401 Unauthorized" });
  });
});
