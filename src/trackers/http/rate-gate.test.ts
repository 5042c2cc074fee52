import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { json, openClient } from "./sample-client.ts";

describe("limits", () => {
  it("waits as told and sends again, even a write, because it was not carried out", async (t) => {
    const clock = createVirtualClock();
    const { client, server, monitor } = await openClient(
      t,
      (_, response, count) =>
        count === 1 ? json(response, 429, {}, { "retry-after": "5" }) : json(response, 200, { count }),
      { clock },
    );
    const answer = client.request({ method: "POST", url: "/", body: {} });
    await clock.untilAsleep(5000);
    assert.equal(monitor.pausedUntil(), clock.now() + 5000);
    await clock.advance(4999);
    assert.equal(server.seen.length, 1);
    await clock.advance(1);
    assert.deepEqual((await answer).body, { count: 2 });
    assert.equal(monitor.pausedUntil(), null);
  });

  it("throws with the time instead of waiting past the deadline, and holds back every other request", async (t) => {
    const clock = createVirtualClock();
    const { client, server } = await openClient(
      t,
      (_, response) => json(response, 429, {}, { "retry-after": "3600" }),
      {
        clock,
      },
    );
    const retryAt = clock.now() + 3_600_000;
    await assert.rejects(
      client.request({ url: "/a" }),
      hasCode("rate_limited", (error) => error.retryAt === retryAt),
    );
    await assert.rejects(
      client.request({ url: "/b" }),
      hasCode(
        "rate_limited",
        (error) => error.retryAt === retryAt && error.message === "Sample's rate limit is reached.",
      ),
    );
    assert.equal(server.seen.length, 1);
    await clock.advance(3_600_000);
    await assert.rejects(client.request({ url: "/c" }), hasCode("rate_limited"));
    assert.equal(server.seen.length, 2);
  });

  it("caps a server's claim at one day", async (t) => {
    const clock = createVirtualClock();
    const { client, server, monitor } = await openClient(
      t,
      (_, response, count) => json(response, count === 1 ? 429 : 200, {}, { "retry-after": "864000" }),
      { clock },
    );
    const day = clock.now() + 86_400_000;
    await assert.rejects(
      client.request({ url: "/" }),
      hasCode("rate_limited", ({ retryAt }) => retryAt === day),
    );
    assert.equal(monitor.pausedUntil(), day);
    await clock.advance(86_400_000);
    await client.request({ url: "/" });
    assert.equal(server.seen.length, 2);
  });

  it("increases waits without a stated end, and starts over after a successful response", async (t) => {
    const clock = createVirtualClock();
    let good = false;
    const { client, monitor } = await openClient(
      t,
      (_, response) => (good ? json(response, 200, {}) : json(response, 429, {})),
      { clock },
    );
    const pause = async () => {
      await assert.rejects(client.request({ url: "/" }), hasCode("rate_limited"));
      const ms = (monitor.pausedUntil() ?? 0) - clock.now();
      await clock.advance(ms);
      return ms;
    };
    assert.deepEqual([await pause(), await pause(), await pause()], [60_000, 120_000, 240_000]);
    good = true;
    await client.request({ url: "/" });
    good = false;
    assert.equal(await pause(), 60_000);
  });

  it("counts requests that were rejected together once", async (t) => {
    const clock = createVirtualClock();
    const { client, monitor } = await openClient(t, (_, response) => json(response, 429, {}), { clock });
    const together = () => Promise.allSettled([client.request({ url: "/a" }), client.request({ url: "/b" })]);
    for (const expected of [60_000, 120_000, 240_000]) {
      await together();
      assert.equal((monitor.pausedUntil() ?? 0) - clock.now(), expected);
      await clock.advance(expected);
    }
  });

  it("sends what was requested during a short pause when it ends, also after other requests were aborted", async (t) => {
    const clock = createVirtualClock();
    const { client, server, monitor } = await openClient(t, (_, response) => json(response, 200, {}), { clock });
    monitor.pauseUntil(clock.now() + 5_000);
    const aborted = new AbortController();
    const first = assert.rejects(client.request({ url: "/aborted", signal: aborted.signal }));
    aborted.abort();
    const second = client.request({ url: "/sent" });
    await first;
    await clock.untilAsleep(5_000);
    await clock.advance(4_999);
    assert.equal(server.seen.length, 0);
    await clock.advance(1);
    await second;
    assert.deepEqual(
      server.seen.map(({ url }) => url),
      ["/sent"],
    );
  });

  it("never shortens a pause, and never pauses for more than a day", async (t) => {
    const clock = createVirtualClock();
    const { monitor } = await openClient(t, (_, response) => json(response, 200, {}), { clock });
    const now = clock.now();
    monitor.pauseUntil(now + 600_000);
    monitor.pauseUntil(now + 100_000);
    assert.equal(monitor.pausedUntil(), now + 600_000);
    monitor.pauseUntil(now + 10 * 86_400_000);
    assert.equal(monitor.pausedUntil(), now + 86_400_000);
  });

  it("keeps the server's time and the length of its waits if this machine's clock is set back", async (t) => {
    const time = createVirtualClock();
    let ahead = 3_600_000;
    const clock = { ...time, now: () => time.now() + ahead };
    const serverNow = Math.floor(time.now() / 1000) * 1000;
    const headers = {
      date: new Date(serverNow).toUTCString(),
      "x-remaining": "0",
      "x-reset": String(serverNow + 600_000),
    };
    const { client, monitor } = await openClient(t, (_, response) => json(response, 200, {}, headers), { clock });
    await client.request({ url: "/" });
    const waits = () => [
      client.serverNow(),
      (monitor.budget()?.resetAt ?? 0) - clock.now(),
      (monitor.pausedUntil() ?? 0) - clock.now(),
    ];
    const before = waits();
    assert.deepEqual(before, [serverNow, 600_000, 600_000]);
    ahead = 0;
    monitor.clockSetBack(3_600_000);
    assert.deepEqual(waits(), before);
  });

  it("stops sending once the budget is used up, on the server's clock", async (t) => {
    const clock = createVirtualClock();
    const dayMs = 24 * 60 * 60 * 1000;
    const serverNow = Math.floor(clock.now() / 1000) * 1000 - dayMs;
    const { client, monitor, server } = await openClient(
      t,
      (_, response) =>
        json(
          response,
          200,
          {},
          {
            date: new Date(serverNow).toUTCString(),
            "x-remaining": "0",
            "x-reset": String(serverNow + 600_000),
          },
        ),
      { clock },
    );
    await client.request({ url: "/" });
    assert.equal(monitor.pausedUntil(), clock.now() + 600_000);
    assert.deepEqual(monitor.budget(), { limit: 100, remaining: 0, resetAt: clock.now() + 600_000 });
    assert.equal(client.serverNow(), serverNow);
    await assert.rejects(client.request({ url: "/" }), hasCode("rate_limited"));
    assert.equal(server.seen.length, 1);
  });

  it("limits concurrent requests", async (t) => {
    let under = 0;
    let most = 0;
    const { client } = await openClient(t, async (_, response) => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setTimeout(resolve, 20));
      under -= 1;
      json(response, 200, {});
    });
    await Promise.all(Array.from({ length: 8 }, (_, index) => client.request({ url: `/${index}` })));
    assert.equal(most, 2);
  });

  it("lets the caller abort a waiting request", async (t) => {
    const clock = createVirtualClock();
    const { client, server } = await openClient(t, (_, response) => json(response, 429, {}, { "retry-after": "20" }), {
      clock,
    });
    const first = client.request({ url: "/a" }).catch((error: unknown) => error);
    await clock.untilAsleep(20_000);
    const controller = new AbortController();
    const second = client.request({ url: "/b", signal: controller.signal });
    controller.abort();
    await assert.rejects(second, hasCode("busy"));
    assert.equal(server.seen.length, 1);
    await clock.advance(20_000);
    await clock.untilAsleep(20_000);
    await clock.advance(20_000);
    assert.ok(hasCode("rate_limited")(await first));
  });
});
