import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, describe, it } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { type Seen, startLocalServer } from "../conformance/local-server.ts";
import { createHttpClient, type HttpClientOptions } from "./create-http-client.ts";
import type { HttpPolicy } from "./http-client.ts";

const token = "s3cret-token-value";

const policy: HttpPolicy = {
  tracker: "sample",
  secretValues: ["token"],
  concurrency: 2,
  baseUrl: (values) => values["server"] ?? "",
  headers: (values) => ({ authorization: `Bearer ${values["token"] ?? ""}` }),
  fileHosts: () => [],
  readBudget({ headers }) {
    const remaining = headers.get("x-remaining");
    const reset = headers.get("x-reset");
    return remaining === null
      ? null
      : { limit: 100, remaining: Number(remaining), resetAt: reset === null ? null : Number(reset) };
  },
  readFailure({ status, headers }, context) {
    if (status !== 429) return null;
    const seconds = headers.get("retry-after");
    const waitMs = seconds === null ? 60_000 * 2 ** (context.attempt - 1) : Number(seconds) * 1000;
    return new PanopticonError("rate_limited", "slow down", { retryAt: context.now + waitMs });
  },
};

const servers: { close(): Promise<void> }[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function open(
  answer: (request: Seen, response: ServerResponse, count: number) => void | Promise<void>,
  options: Partial<HttpClientOptions> = {},
) {
  const server = await startLocalServer(answer);
  servers.push(server);
  const lines: string[] = [];
  const { client, monitor } = createHttpClient({
    policy,
    values: { token, server: server.url },
    clock: systemClock,
    userAgent: "Panopticon/test",
    log: (line) => lines.push(line),
    random: () => 0,
    ...options,
  });
  return { client, monitor, server, lines };
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function hasCode(code: string, pattern?: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof PanopticonError, String(error));
    assert.equal(error.code, code);
    if (pattern) assert.match(error.message, pattern);
    return true;
  };
}

describe("sending", () => {
  it("sends credentials, user agent, query and JSON body, and reads the answer", async () => {
    const { client, monitor, server } = await open((_, response) => json(response, 200, { ok: true }));
    const response = await client.request({
      method: "POST",
      url: "/things",
      query: { a: "b c", none: undefined },
      body: { x: 1 },
    });
    assert.deepEqual(response.body, { ok: true });
    assert.equal(monitor.requests(), 1);
    const [request] = server.seen;
    assert.equal(request?.url, "/things?a=b+c");
    assert.equal(request?.headers["authorization"], `Bearer ${token}`);
    assert.equal(request?.headers["user-agent"], "Panopticon/test");
    assert.equal(request?.body, '{"x":1}');
    assert.ok(response.serverTime !== null && Math.abs(response.serverTime - Date.now()) < 5000);
  });

  it("refuses an absolute address of another origin without sending", async () => {
    const { client, server } = await open((_, response) => json(response, 200, {}));
    await assert.rejects(client.request({ url: "https://elsewhere.example/x" }), hasCode("internal", /elsewhere/));
    assert.equal(server.seen.length, 0);
  });

  it("says what a status means, and leaves accepted ones to the caller", async () => {
    const { client } = await open((request, response) =>
      json(response, Number(request.url.slice(1)), { message: "no" }),
    );
    await assert.rejects(client.request({ url: "/401" }), hasCode("auth"));
    await assert.rejects(client.request({ url: "/403" }), hasCode("forbidden"));
    await assert.rejects(client.request({ url: "/404" }), hasCode("not_found"));
    await assert.rejects(client.request({ url: "/422" }), hasCode("invalid_input"));
    assert.equal((await client.request({ url: "/410", accept: [410] })).status, 410);
    assert.equal((await client.request({ url: "/304" })).status, 304);
  });

  it("tells a web page from data that broke off", async () => {
    const { client, server } = await open((request, response) => {
      response.writeHead(200, { "content-type": request.url === "/page" ? "text/html" : "application/json" });
      response.end(request.url === "/page" ? "<html></html>" : '{"a":');
    });
    await assert.rejects(client.request({ url: "/page" }), hasCode("invalid_response", /web page/));
    assert.equal(server.seen.length, 1);
    await assert.rejects(client.request({ url: "/half" }), hasCode("invalid_response", /no complete JSON/));
    assert.equal(server.seen.length, 4);
  });

  it("refuses credentials that no header can carry, without repeating them", () => {
    const make = () =>
      createHttpClient({
        policy,
        values: { token: "two\nlines-of-secret", server: "http://127.0.0.1:1" },
        clock: systemClock,
        userAgent: "t",
      });
    assert.throws(make, (error) => hasCode("invalid_input")(error) && !/lines-of-secret/.test(String(error)));
  });

  it("names a refused connection", async () => {
    const { client, server } = await open(() => undefined);
    await server.close();
    servers.splice(servers.indexOf(server), 1);
    await assert.rejects(
      client.request({ url: "/", idempotent: false }),
      hasCode("unreachable", /refuses connections/),
    );
  });
});

describe("deadline", () => {
  it("ends a request whose body trickles", async () => {
    const { client } = await open(
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const timer = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(timer));
      },
      { attempts: 1, deadlineMs: 150 },
    );
    const started = performance.now();
    await assert.rejects(client.request({ url: "/" }), hasCode("timeout", /within 0\.2 seconds|within 0\.1/));
    assert.ok(performance.now() - started < 2000);
  });

  it("is called off by the caller, with the caller's reason", async () => {
    const controller = new AbortController();
    const { client } = await open(() => controller.abort(new PanopticonError("busy", "stopping")));
    await assert.rejects(client.request({ url: "/", signal: controller.signal }), hasCode("busy", /stopping/));
  });

  it("refuses an answer that is too large while it is read", async () => {
    const chunk = Buffer.alloc(8 * 1024 * 1024, 32);
    const { client } = await open(async (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (let index = 0; index < 10 && !response.destroyed; index++) {
        await new Promise((resolve) => response.write(chunk, resolve));
      }
      response.end("{}");
    });
    await assert.rejects(client.request({ url: "/" }), hasCode("invalid_response", /64 megabytes/));
  });
});

describe("redirects", () => {
  it("follows a few of the same origin and says where the answer came from", async () => {
    const { client, server, monitor } = await open((request, response) => {
      if (request.url === "/new?page=2") json(response, 200, { here: true });
      else json(response, 301, {}, { location: "/new?page=2" });
    });
    const response = await client.request({ url: "/old" });
    assert.deepEqual(response.body, { here: true });
    assert.equal(response.url, `${server.url}/new?page=2`);
    assert.equal(monitor.requests(), 2);
  });

  it("gives up on a circle", async () => {
    const { client, server } = await open((_, response) => json(response, 302, {}, { location: "/again" }));
    await assert.rejects(client.request({ url: "/" }), hasCode("invalid_response", /circle/));
    assert.equal(server.seen.length, 4);
  });

  it("carries the credentials nowhere else", async () => {
    const other = await startLocalServer((_, response) => json(response, 200, {}));
    servers.push(other);
    const { client } = await open((_, response) => json(response, 302, {}, { location: `${other.url}/steal` }));
    await assert.rejects(client.request({ url: "/" }), hasCode("invalid_input", /redirects to/));
    assert.equal(other.seen.length, 0);
  });

  it("keeps a write's method or refuses", async () => {
    const { client, server } = await open((request, response) => {
      if (request.url === "/kept") json(response, 307, {}, { location: "/target" });
      else if (request.url === "/lost") json(response, 302, {}, { location: "/target" });
      else json(response, 200, { method: request.method, body: request.body });
    });
    const kept = await client.request({ method: "POST", url: "/kept", body: { a: 1 } });
    assert.deepEqual(kept.body, { method: "POST", body: '{"a":1}' });
    await assert.rejects(client.request({ method: "POST", url: "/lost", body: {} }), hasCode("invalid_input"));
    assert.equal(server.seen.filter((request) => request.url === "/target").length, 1);
  });

  it("follows none where it is told so", async () => {
    const { client } = await open((_, response) => json(response, 301, {}, { location: "/new" }), {
      redirects: "refuse",
    });
    await assert.rejects(client.request({ url: "/old" }), hasCode("invalid_input", /not followed here/));
  });
});

describe("retries", () => {
  it("sends a read again after the server's trouble, after a reset and after half an answer", async () => {
    const { client, server } = await open((_, response, count) => {
      if (count === 1) json(response, 502, {});
      else if (count === 2) response.destroy();
      else json(response, 200, { count });
    });
    assert.deepEqual((await client.request({ url: "/" })).body, { count: 3 });
    assert.equal(server.seen.length, 3);
  });

  it("gives up after a few attempts", async () => {
    const { client, server } = await open((_, response) => json(response, 500, {}));
    await assert.rejects(client.request({ url: "/" }), hasCode("unreachable", /500/));
    assert.equal(server.seen.length, 3);
  });

  it("never sends a write twice, unless it is declared harmless", async () => {
    const { client, server } = await open((_, response) => void response.destroy());
    await assert.rejects(client.request({ method: "POST", url: "/", body: {} }), hasCode("unreachable"));
    assert.equal(server.seen.length, 1);
    await assert.rejects(
      client.request({ method: "POST", url: "/", body: {}, idempotent: true }),
      hasCode("unreachable"),
    );
    assert.equal(server.seen.length, 4);
  });

  it("waits longer from time to time, on the injected clock", async () => {
    const clock = createVirtualClock();
    const { client, server } = await open((_, response) => json(response, 503, {}), { clock });
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
});

describe("limits", () => {
  it("waits as told and sends again, also a write, since it was not carried out", async () => {
    const clock = createVirtualClock();
    const { client, server, monitor } = await open(
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

  it("throws with the time instead of waiting longer than the deadline, and holds every other request", async () => {
    const clock = createVirtualClock();
    const { client, server } = await open((_, response) => json(response, 429, {}, { "retry-after": "3600" }), {
      clock,
    });
    const retryAt = clock.now() + 3_600_000;
    await assert.rejects(
      client.request({ url: "/a" }),
      (error) => hasCode("rate_limited")(error) && (error as PanopticonError).retryAt === retryAt,
    );
    await assert.rejects(
      client.request({ url: "/b" }),
      (error) => hasCode("rate_limited")(error) && (error as PanopticonError).retryAt === retryAt,
    );
    assert.equal(server.seen.length, 1);
    await clock.advance(3_600_000);
    await assert.rejects(client.request({ url: "/c" }), hasCode("rate_limited"));
    assert.equal(server.seen.length, 2);
  });

  it("lets waits without a stated end grow, and starts anew after a good answer", async () => {
    const clock = createVirtualClock();
    let good = false;
    const { client, monitor } = await open(
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

  it("counts requests that were told off together once", async () => {
    const clock = createVirtualClock();
    const { client, monitor } = await open((_, response) => json(response, 429, {}), { clock });
    await Promise.allSettled([client.request({ url: "/a" }), client.request({ url: "/b" })]);
    assert.equal((monitor.pausedUntil() ?? 0) - clock.now(), 60_000);
  });

  it("sends nothing more once the budget is used up, on the server's clock", async () => {
    const clock = createVirtualClock();
    const dayMs = 24 * 60 * 60 * 1000;
    const serverNow = Math.floor(clock.now() / 1000) * 1000 - dayMs;
    const { client, monitor, server } = await open(
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

  it("sends no more at once than allowed", async () => {
    let under = 0;
    let most = 0;
    const { client } = await open(async (_, response) => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setTimeout(resolve, 20));
      under -= 1;
      json(response, 200, {});
    });
    await Promise.all(Array.from({ length: 8 }, (_, index) => client.request({ url: `/${index}` })));
    assert.equal(most, 2);
  });

  it("lets a waiting request be called off", async () => {
    const clock = createVirtualClock();
    const { client, server } = await open((_, response) => json(response, 429, {}, { "retry-after": "20" }), { clock });
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

describe("what is written down", () => {
  it("logs method, address, body, status and budget, and no secret", async () => {
    const { client, lines } = await open((_, response) => json(response, 200, {}, { "x-remaining": "42" }));
    await client.request({
      method: "POST",
      url: "/q",
      query: { access_token: "abcdefgh" },
      body: { query: "query A { b }", variables: { key: token } },
    });
    const line = lines.join("\n");
    assert.match(
      line,
      /^POST http:\/\/127\.0\.0\.1:\d+\/q\?access_token=•••.* → 200 in \d+ ms, 42 of 100 left\nquery A \{ b \}\nvariables \{"key":"•••"\}$/,
    );
    assert.doesNotMatch(line, /s3cret|abcdefgh/);
  });

  it("masks secrets that a server repeats in its error", async () => {
    const { client } = await open((_, response) => json(response, 400, { message: `bad token ${token}` }));
    await assert.rejects(client.request({ url: `/x?key=${token}` }), (error) => {
      assert.ok(error instanceof PanopticonError);
      assert.doesNotMatch(`${error.message} ${error.request} ${error.hint}`, /s3cret/);
      return hasCode("invalid_input", /•••/)(error);
    });
  });
});
