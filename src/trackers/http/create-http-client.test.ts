import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { createHttpClient } from "./create-http-client.ts";
import { token, policy, json, openClient } from "./sample-client.ts";

describe("sending", () => {
  it("sends credentials, user agent, query and JSON body, and reads the answer", async (t) => {
    const { client, monitor, server } = await openClient(t, (_, response) => json(response, 200, { ok: true }));
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

  it("refuses an absolute URL of another origin without sending", async (t) => {
    const { client, server } = await openClient(t, (_, response) => json(response, 200, {}));
    await assert.rejects(client.request({ url: "https://elsewhere.example/x" }), hasCode("internal", /elsewhere/));
    assert.equal(server.seen.length, 0);
  });

  it("maps each status to an error, and returns accepted statuses to the caller", async (t) => {
    const { client } = await openClient(t, (request, response) =>
      json(response, Number(request.url.slice(1)), { message: "no" }),
    );
    await assert.rejects(client.request({ url: "/401" }), hasCode("auth"));
    await assert.rejects(client.request({ url: "/403" }), hasCode("forbidden"));
    await assert.rejects(client.request({ url: "/404" }), hasCode("not_found"));
    await assert.rejects(client.request({ url: "/422" }), hasCode("invalid_input"));
    assert.equal((await client.request({ url: "/410", accept: [410] })).status, 410);
    assert.equal((await client.request({ url: "/304" })).status, 304);
  });

  it("distinguishes a web page from truncated data", async (t) => {
    const { client, server } = await openClient(t, (request, response) => {
      response.writeHead(200, { "content-type": request.url === "/page" ? "text/html" : "application/json" });
      response.end(request.url === "/page" ? "<html></html>" : '{"a":');
    });
    await assert.rejects(client.request({ url: "/page" }), hasCode("invalid_response", /web page/));
    assert.equal(server.seen.length, 1);
    await assert.rejects(client.request({ url: "/half" }), hasCode("invalid_response", /incomplete JSON/));
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
    assert.throws(
      make,
      hasCode("invalid_input", (error) => !/lines-of-secret/.test(String(error))),
    );
  });

  it("reports a refused connection", async (t) => {
    const { client, server } = await openClient(t, () => undefined);
    await server.close();
    await assert.rejects(
      client.request({ url: "/", idempotent: false }),
      hasCode("unreachable", /refuses connections/),
    );
  });
});

describe("deadline", () => {
  it("ends a request whose body arrives too slowly", async (t) => {
    const { client } = await openClient(
      t,
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const timer = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(timer));
      },
      { attempts: 1, deadlineMs: 150 },
    );
    await assert.rejects(client.request({ url: "/" }), hasCode("timeout", /within 0\.2 seconds|within 0\.1/));
  });

  it("aborts with the caller's reason", async (t) => {
    const controller = new AbortController();
    const { client } = await openClient(t, () => controller.abort(new PanopticonError("busy", "Stopping.")));
    await assert.rejects(client.request({ url: "/", signal: controller.signal }), hasCode("busy", /Stopping/));
  });

  it("rejects a response that is too large while reading it", async (t) => {
    const chunk = Buffer.alloc(8 * 1024 * 1024, 32);
    const { client } = await openClient(t, async (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (let index = 0; index < 10 && !response.destroyed; index++) {
        await new Promise((resolve) => response.write(chunk, resolve));
      }
      response.end("{}");
    });
    await assert.rejects(client.request({ url: "/" }), hasCode("invalid_response", /64 megabytes/));
  });
});

describe("logging", () => {
  it("logs method, URL, body, status and budget, but no secrets", async (t) => {
    const { client, lines } = await openClient(t, (_, response) => json(response, 200, {}, { "x-remaining": "42" }));
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

  it("masks secrets that a server repeats in its error", async (t) => {
    const { client } = await openClient(t, (_, response) => json(response, 400, { message: `bad token ${token}` }));
    await assert.rejects(client.request({ url: `/x?key=${token}` }), (error) => {
      assert.ok(error instanceof PanopticonError);
      assert.doesNotMatch(`${error.message} ${error.request} ${error.hint}`, /s3cret/);
      return hasCode("invalid_input", /•••/)(error);
    });
  });
});
