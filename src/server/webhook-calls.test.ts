import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { eventually } from "../../test/support/stage.ts";
import { sendRequest, type SentRequest } from "../../test/support/send-request.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { maxDeliveryBytes } from "./request/read-delivery.ts";

let harness: ServerHarness;
before(async () => {
  harness = await startServerHarness();
  harness.config.change({ server: { host: "127.0.0.1", port: 3011, publicUrl: "https://Hooks.example.com" } });
});
after(() => harness.close());

const post = (request: SentRequest = {}) =>
  sendRequest(harness.port, "/webhooks/alpha", {
    method: "POST",
    body: {},
    ...request,
    headers: { host: "hooks.example.com", "x-secret": "alpha-secret", ...request.headers },
  });

type Shown = { trackers: { connection: string; webhooks: Record<string, unknown> }[] };
const shown = async () =>
  ((await harness.ask("/api/trackers")).json() as Shown).trackers.find(({ connection }) => connection === "alpha")
    ?.webhooks;

test("accepts a proved delivery under the public name, and recognizes a retry", async () => {
  const first = await post({ headers: { "x-delivery": "one" } });
  assert.equal(first.status, 202);
  assert.deepEqual(first.json(), { accepted: true, repeated: false, issues: 0 });
  const again = await post({ headers: { "x-delivery": "one" } });
  assert.deepEqual([again.status, again.json()], [202, { accepted: true, repeated: true, issues: 0 }]);
  const state = await shown();
  assert.deepEqual(
    { ...state, lastDeliveryAt: typeof state?.["lastDeliveryAt"] },
    {
      address: "https://Hooks.example.com/webhooks/alpha",
      state: "waiting",
      deliveries: 1,
      repeated: 1,
      lastDeliveryAt: "string",
      refused: 0,
      lastRefusal: null,
    },
  );
});

test("refuses, counts and shows unproved deliveries", async () => {
  assert.equal((await post({ headers: { "x-secret": "beta-secret" } })).status, 401);
  const unsigned = await sendRequest(harness.port, "/webhooks/alpha", {
    method: "POST",
    body: {},
    headers: { host: "hooks.example.com" },
  });
  assert.equal(unsigned.status, 401);
  const { detail, hint } = unsigned.json() as { detail: string; hint: string };
  assert.equal(detail, "The delivery has no signature, or an incomplete one.");
  assert.match(hint, /pan webhooks/);
  const state = await shown();
  assert.equal(state?.["refused"], 2);
  assert.equal((state?.["lastRefusal"] as { reason: string } | undefined)?.reason, "unsigned");
});

test("opens only this path under the public name", async () => {
  for (const path of ["/", "/api/health", "/api/board", "/webhooks", "/webhooks/alpha/more", "/api/alpha/validate"]) {
    const answer = await sendRequest(harness.port, path, {
      method: path.endsWith("validate") ? "POST" : "GET",
      headers: { host: "hooks.example.com", authorization: `Bearer ${harness.token}` },
      ...(path.endsWith("validate") && { body: {} }),
    });
    assert.equal(answer.status, 403, path);
  }
  for (const host of ["hooks.example.com:80", "hooks.example.com.evil.example", "evil.example"]) {
    const answer = await post({ headers: { host } });
    assert.ok(answer.status === 403 || answer.status === 400, `${host} ${answer.status}`);
  }
  // Through a tunnel that uses this machine's name.
  assert.equal((await post({ headers: { host: `localhost:${harness.port}`, "x-delivery": "tunnel" } })).status, 202);
});

test("refuses the name without a public address", async () => {
  const { server } = harness.config.current();
  harness.config.change({ server: { ...server, publicUrl: null } });
  assert.equal((await post()).status, 403);
  assert.equal((await shown())?.["state"], "off");
  harness.config.change({ server });
});

test("answers an unknown tracker with not found, without mentioning secrets", async () => {
  const answer = await sendRequest(harness.port, "/webhooks/nothing", {
    method: "POST",
    body: {},
    headers: { host: "hooks.example.com", "x-secret": "alpha-secret" },
  });
  assert.equal(answer.status, 404);
});

test("refuses a body that is too large, before and while it is read", async () => {
  const large = "x".repeat(maxDeliveryBytes + 1);
  assert.equal((await post({ body: large })).status, 413);
  const chunked = await raw(
    [
      "POST /webhooks/alpha HTTP/1.1",
      "Host: hooks.example.com",
      "X-Secret: alpha-secret",
      "Transfer-Encoding: chunked",
      "Connection: close",
      "",
      `${large.length.toString(16)}`,
      large,
      "0",
      "",
      "",
    ].join("\r\n"),
  );
  assert.match(chunked, /^HTTP\/1\.1 413 /);
});

test("delivers every refusal to its sender, and keeps the connection for the next delivery", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const large = Buffer.alloc(maxDeliveryBytes + 500_000, "x");
  const sockets = new Set<unknown>();
  /** A chunked body has no length by which it could be refused in advance. */
  const send = (secret: string, body: Buffer, inPieces: boolean) =>
    new Promise<number>((resolve, reject) => {
      const sent = request(
        {
          agent,
          port: harness.port,
          path: "/webhooks/alpha",
          method: "POST",
          headers: { "x-secret": secret, ...(inPieces ? {} : { "content-length": String(body.length) }) },
        },
        (answer) => answer.resume().on("end", () => resolve(answer.statusCode ?? 0)),
      );
      sent.on("socket", (socket) => sockets.add(socket));
      sent.on("error", reject);
      if (inPieces) for (let at = 0; at < body.length; at += 100_000) sent.write(body.subarray(at, at + 100_000));
      sent.end(inPieces ? undefined : body);
    });
  try {
    for (let round = 0; round < 5; round += 1) {
      assert.equal(await send("no secret of ours", large.subarray(0, 200_000), false), 401);
      assert.equal(await send("alpha-secret", large, false), 413);
      assert.equal(await send("alpha-secret", large, true), 413);
      assert.equal(await send("alpha-secret", Buffer.from("{}"), round % 2 === 0), 202);
    }
    assert.equal(sockets.size, 1, "one connection served them all");
  } finally {
    agent.destroy();
  }
});

/** The server's response to exactly these bytes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(harness.port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      answer += chunk;
      if (answer.includes("\r\n\r\n")) {
        socket.destroy();
        resolve(answer);
      }
    });
    socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
  });
}

test("reads sixteen deliveries at once, asks the next to retry, and frees the slots of finished and interrupted ones", async () => {
  const agent = new Agent({ keepAlive: false });
  const begin = async () => {
    const headers = {
      host: "hooks.example.com",
      "x-secret": "alpha-secret",
      "content-length": "2",
      expect: "100-continue",
    };
    const sent = request({ port: harness.port, path: "/webhooks/alpha", method: "POST", agent, headers });
    const answered = new Promise<number | null>((resolve) => {
      sent.on("response", (response) => {
        response.resume();
        resolve(response.statusCode ?? null);
      });
      sent.on("error", () => resolve(null));
    });
    sent.flushHeaders();
    await once(sent, "continue");
    // Its body starts, and does not end.
    sent.write("{");
    return { sent, answered };
  };
  const held = await Promise.all(Array.from({ length: 16 }, begin));
  const refused = await eventually(async () => {
    const answer = await post();
    return answer.status === 503 ? answer : undefined;
  }, "there is no room");
  assert.match(JSON.stringify(refused.json()), /Too many deliveries/);
  assert.ok(refused.headers["retry-after"]);
  for (const { sent } of held.slice(0, 8)) sent.destroy();
  for (const { sent } of held.slice(8)) sent.end("}");
  assert.deepEqual(await Promise.all(held.map(({ answered }) => answered)), [
    ...Array.from({ length: 8 }, () => null),
    ...Array.from({ length: 8 }, () => 202),
  ]);
  await eventually(async () => {
    const all = await Promise.all(Array.from({ length: 16 }, (_, index) => post({ body: { index } })));
    return all.every(({ status }) => status === 202) ? true : undefined;
  }, "there is room for all again");
});
