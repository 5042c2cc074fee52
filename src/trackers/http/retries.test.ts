import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { json, openClient } from "./sample-client.ts";

describe("retries", () => {
  it("retries a read after a server error, a connection reset and a truncated response", async (t) => {
    const { client, server } = await openClient(t, (_, response, count) => {
      if (count === 1) json(response, 502, {});
      else if (count === 2) response.destroy();
      else json(response, 200, { count });
    });
    assert.deepEqual((await client.request({ url: "/" })).body, { count: 3 });
    assert.equal(server.seen.length, 3);
  });

  it("gives up after the maximum number of attempts", async (t) => {
    const { client, server } = await openClient(t, (_, response) => json(response, 500, {}));
    await assert.rejects(client.request({ url: "/" }), hasCode("unreachable", /500/));
    assert.equal(server.seen.length, 3);
  });

  it("never sends a write twice unless it is declared idempotent", async (t) => {
    const { client, server } = await openClient(t, (_, response) => void response.destroy());
    await assert.rejects(client.request({ method: "POST", url: "/", body: {} }), hasCode("unreachable"));
    assert.equal(server.seen.length, 1);
    await assert.rejects(
      client.request({ method: "POST", url: "/", body: {}, idempotent: true }),
      hasCode("unreachable"),
    );
    assert.equal(server.seen.length, 4);
  });

  it("backs off longer with each attempt, on the injected clock", async (t) => {
    const clock = createVirtualClock();
    const { client, server } = await openClient(t, (_, response) => json(response, 503, {}), { clock });
    const result = client.request({ url: "/" }).catch((error: unknown) => error);
    await clock.untilAsleep(250);
    assert.equal(server.seen.length, 1);
    await clock.advance(250);
    await clock.untilAsleep(500);
    assert.equal(server.seen.length, 2);
    await clock.advance(500);
    assert.ok(hasCode("unreachable")(await result));
    assert.equal(server.seen.length, 3);
  });

  it("respects the Retry-After of a failing server, up to one day, and reports when it ends", async (t) => {
    const clock = createVirtualClock();
    const waits = ["20", "120", "864000"];
    const { client, server } = await openClient(
      t,
      (_, response, count) => json(response, 503, {}, { "retry-after": waits[count - 1] ?? "0" }),
      { clock },
    );
    const waited = client.request({ url: "/" }).catch((error: unknown) => error);
    await clock.untilAsleep(20_000);
    assert.equal(server.seen.length, 1);
    await clock.advance(20_000);
    const toldAt = (retryAt: number) => hasCode("unreachable", (error) => error.retryAt === retryAt);
    assert.ok(toldAt(clock.now() + 120_000)(await waited), "longer than the request may take");
    assert.equal(server.seen.length, 2);
    await assert.rejects(client.request({ url: "/" }), toldAt(clock.now() + 86_400_000));
    assert.equal(server.seen.length, 3);
  });
});
