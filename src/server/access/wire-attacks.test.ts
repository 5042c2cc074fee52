import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { after, before } from "../../../test/support/hooks.ts";
import { sendBytes, statusesOf } from "../../../test/support/send-bytes.ts";
import { sendRequest } from "../../../test/support/send-request.ts";
import { type ServerHarness, startServerHarness } from "../../../test/support/server-harness.ts";
import { systemClock } from "../../domain/clock.ts";
import { createDoors, routeDoors } from "./doors.ts";
import type { ServerEnv } from "../env.ts";
import { createSession } from "./session.ts";

// What only a raw connection can send: requests inside requests, targets and headers that clients would correct, upgrades of every route.

const canary = "canary of the mirror";
let harness: ServerHarness;
let cookie: string;

before(async () => {
  harness = await startServerHarness();
  await writeFile(join(harness.webRoot, "index.html"), `<!doctype html><title>${canary}</title>`);
  const signedIn = await harness.send(`/?token=${harness.token}`, { headers: { "sec-fetch-mode": "navigate" } });
  [cookie = ""] = (signedIn.headers["set-cookie"]?.[0] ?? "").split(";");
  assert.match(cookie, /^panopticon_/);
  await harness.ask("/api/views", { method: "POST", body: { name: canary, query: "" } });
});
after(() => harness.close());

const own = () => `Host: 127.0.0.1:${harness.port}`;
const key = () => `Authorization: Bearer ${harness.token}`;
const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`;
/** A signed-in request whose response would contain the canary. */
const inner = () => lines("GET /api/views HTTP/1.1", own(), key(), "Connection: close");

const filled = (path: string) =>
  path.replace("/*", "/").replace(":tracker", "alpha").replace(":ref", "x%231").replace(":id", "1");

describe("request smuggling", () => {
  for (const [what, headers, body] of [
    ["both a length and chunks", ["Content-Length: 6", "Transfer-Encoding: chunked"], "0\r\n\r\n"],
    ["chunks and a length", ["Transfer-Encoding: chunked", "Content-Length: 6"], "0\r\n\r\n"],
    ["two lengths", ["Content-Length: 0", "Content-Length: 44"], ""],
    ["a list of lengths", ["Content-Length: 0, 44"], ""],
    ["a length with a sign", ["Content-Length: +5"], "abcde"],
    ["a negative length", ["Content-Length: -1"], ""],
    ["a length that is not a number", ["Content-Length: 0x10"], ""],
    ["an unknown encoding", ["Transfer-Encoding: xchunked"], "0\r\n\r\n"],
    ["chunks that are not the last encoding", ["Transfer-Encoding: chunked, identity"], "0\r\n\r\n"],
    ["a space before the colon", ["Transfer-Encoding : chunked"], "0\r\n\r\n"],
    ["an invalid chunk size", ["Transfer-Encoding: chunked"], "0x0\r\n\r\n"],
    ["an excessive chunk size", ["Transfer-Encoding: chunked"], "fffffffffffffffff\r\n"],
    ["a folded header", ["X-A: b", " Content-Length: 44"], ""],
    ["a header without a name", [": x"], ""],
    ["a null in a header", ["X-A: b\0c"], ""],
    ["a bare carriage return in a header", ["X-A: b\rTransfer-Encoding: chunked"], "0\r\n\r\n"],
  ] as const) {
    test(`${what}: is refused, the connection ends, and what follows is not answered`, async () => {
      for (const target of ["POST /api/views", "GET /index.html", "POST /webhooks/alpha"]) {
        const received = await sendBytes(harness.port, lines(`${target} HTTP/1.1`, own(), ...headers) + body + inner());
        assert.deepEqual(statusesOf(received), [400], `${target}: ${received}`);
        assert.ok(!received.includes(canary));
      }
    });
  }

  test("treats a request in the body of another as a body, even if nothing reads it", async () => {
    for (const target of [
      "GET /index.html",
      "GET /assets/none.js",
      "GET /api/health",
      "POST /api/views",
      "PUT /none",
    ]) {
      const hidden = inner();
      const received = await sendBytes(
        harness.port,
        lines(`${target} HTTP/1.1`, own(), `Content-Length: ${hidden.length}`) +
          hidden +
          lines("GET /api/health HTTP/1.1", own(), "Connection: close"),
      );
      assert.equal(statusesOf(received).at(-1), 200, `${target}: ${received}`);
      assert.equal(statusesOf(received).length, 2, `${target}: ${received}`);
      assert.ok(!received.includes(canary), target);
    }
  });

  test("checks consecutive requests one by one", async () => {
    const received = await sendBytes(
      harness.port,
      lines("GET /api/views HTTP/1.1", own(), key()) +
        lines("GET /api/views HTTP/1.1", own()) +
        lines("GET /api/views HTTP/1.1", "Host: evil.example", key()) +
        lines("GET /api/views HTTP/1.1", own(), key(), "Origin: https://evil.example") +
        lines("GET /api/views HTTP/1.1", own(), "Connection: close"),
    );
    assert.deepEqual(statusesOf(received), [200, 401, 403, 403, 401]);
  });
});

describe("targets and names", () => {
  for (const target of [
    "/api%2fviews",
    "/%61pi/views",
    "//api/views",
    "/./api/views",
    "/assets/../api/views",
    "/assets/..%2fapi/views",
    "/api/views;x",
    "/api/views/",
    "/api/views%00",
    "\\api\\views",
    "/?/api/views",
    "http://127.0.0.1/api/views",
    "http://evil.example/api/views",
    "https://evil.example:443/api/views",
    "*",
    "evil.example:443",
  ]) {
    test(`${target} opens nothing without the session`, async () => {
      for (const method of ["GET", "HEAD", "POST", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"]) {
        const received = await sendBytes(
          harness.port,
          lines(`${method} ${target} HTTP/1.1`, own(), "Content-Length: 0", "Connection: close"),
        );
        const [status = 0] = statusesOf(received);
        assert.ok(status === 0 || (status >= 400 && status < 500), `${method} ${target}: ${received}`);
        assert.ok(!received.includes(canary));
      }
    });
  }

  test("a name within the target does not replace the Host header", async () => {
    for (const host of ["Host: evil.example", `Host: evil.example\r\n${own()}`, "Host:", "X: y"]) {
      const target = `http://127.0.0.1:${harness.port}/api/views`;
      const received = await sendBytes(harness.port, lines(`GET ${target} HTTP/1.1`, host, key(), "Connection: close"));
      const [status = 0] = statusesOf(received);
      assert.ok(status === 400 || status === 403, `${host}: ${received}`);
    }
  });

  test("refuses HTTP/1.0 without a Host like a wrong one", async () => {
    assert.match(await sendBytes(harness.port, lines("GET /api/views HTTP/1.0", key())), /^HTTP\/1\.1 40[03] /);
  });

  test("refuses endless headers", async () => {
    const received = await sendBytes(
      harness.port,
      lines("GET /api/health HTTP/1.1", own(), `X-A: ${"a".repeat(100_000)}`),
    );
    assert.deepEqual(statusesOf(received), [431]);
    assert.match(received, /^content-type: application\/problem\+json\r$/im);
    assert.match(received, /"detail":"The address and headers of this request are too long\."/);
  });
});

describe("upgrades", () => {
  const handshake = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  const upgrade = async (route: string, ...headers: string[]) => {
    const [method = "", path = ""] = route.split(" ");
    const received = await sendBytes(
      harness.port,
      lines(`${method} ${filled(path)} HTTP/1.1`, ...headers, ...handshake),
    );
    return { status: statusesOf(received)[0] ?? 0, received };
  };

  for (const route of Object.keys(routeDoors)) {
    test(`of ${route}: are refused without session, name and origin of our own`, async () => {
      for (const headers of [
        [own()],
        [own(), "Authorization: Bearer wrong"],
        ["Host: evil.example", key()],
        [
          `Host: evil.example:${harness.port}`,
          `Cookie: ${cookie}`,
          `Origin: http://evil.example:${harness.port}`,
          "Sec-Fetch-Site: same-origin",
        ],
        [own(), `Cookie: ${cookie}`, "Origin: https://evil.example"],
        [own(), `Cookie: ${cookie}`, `Origin: http://127.0.0.1:${harness.port + 1}`, "Sec-Fetch-Site: same-site"],
        [own(), `Cookie: ${cookie}`, "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: websocket"],
      ]) {
        const { status, received } = await upgrade(route, ...headers);
        assert.ok(
          status === 401 || status === 403 || status === 400 || status === 0,
          `${headers.join(" ")}: ${received}`,
        );
        assert.ok(!received.includes(canary));
      }
      if (route !== "GET /api/agents/:id/terminal") {
        const { status, received } = await upgrade(route, own(), key());
        assert.ok(status !== 101 && status !== 200, received);
      }
    });
  }
});

describe("requests that a browser sends without a preflight", () => {
  const bodies = [
    ["text/plain", '{"name":"planted","query":""}'],
    ["application/x-www-form-urlencoded", "name=planted&query="],
    [
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="name"\r\n\r\nplanted\r\n--x--\r\n',
    ],
    ["", '{"name":"planted","query":""}'],
  ] as const;

  for (const route of Object.keys(routeDoors).filter((one) => !one.startsWith("GET "))) {
    const [method = "", path = ""] = route.split(" ");
    test(`${route}: are refused from elsewhere with the user's cookie, whatever they contain`, async () => {
      for (const [type, body] of bodies) {
        for (const from of [
          { origin: "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
          {
            origin: "null",
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "navigate",
            "sec-fetch-dest": "document",
          },
          {
            origin: `http://127.0.0.1:${harness.port + 1}`,
            "sec-fetch-site": "same-site",
            "sec-fetch-mode": "no-cors",
          },
          // A browser without fetch metadata.
          { origin: "https://evil.example" },
        ] satisfies Record<string, string>[]) {
          const answer = await harness.send(filled(path), {
            method,
            body,
            headers: { cookie, "content-type": type, "content-length": String(Buffer.byteLength(body)), ...from },
          });
          assert.equal(answer.status, 403, `${type} ${JSON.stringify(from)}: ${answer.text}`);
        }
      }
    });

    if (routeDoors[route] !== "session" || method === "DELETE") continue;
    test(`${route}: must be JSON, even from our own page`, async () => {
      const before = (await harness.ask("/api/views")).text;
      for (const [type, body] of bodies) {
        const page = { origin: `http://127.0.0.1:${harness.port}`, "sec-fetch-site": "same-origin" };
        const answer = await harness.send(filled(path), {
          method,
          body,
          headers: { cookie, "content-type": type, "content-length": String(Buffer.byteLength(body)), ...page },
        });
        // A call that needs no body ignores it.
        if (answer.status < 300) assert.equal((await harness.ask("/api/views")).text, before);
        assert.ok(answer.status < 500, answer.text);
      }
      assert.ok(!(await harness.ask("/api/views")).text.includes("planted"));
    });
  }
});

test("refuses a route without a door, even with the session", async (t) => {
  const session = createSession("the token", systemClock);
  const app = new Hono<ServerEnv>();
  let port = 0;
  app.use("*", createDoors({ session, port: () => port, publicHost: () => null }));
  app.get("/api/forgotten", (c) => c.text(canary));
  app.onError((error, c) => c.text(error.message, 500));
  const server = createAdaptorServer({ fetch: app.fetch });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
  const answer = await sendRequest(port, "/api/forgotten", { headers: { authorization: "Bearer the token" } });
  assert.equal(answer.status, 500);
  assert.equal(answer.text, "The route GET /api/forgotten has no door and stays closed.");
});
