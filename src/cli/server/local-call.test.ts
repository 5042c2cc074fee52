import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { callLocally } from "./local-call.ts";

/** How to answer the next connection, and what it sent. */
let answer: (socket: Socket) => void = () => undefined;
let asked = "";
let url = "";

const server = createServer((socket) => {
  asked = "";
  let answered = false;
  socket
    .on("error", () => undefined)
    .on("data", (chunk: Buffer) => {
      asked += chunk.toString();
      if (answered || !asked.includes("\r\n\r\n")) return;
      answered = true;
      answer(socket);
    });
});

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

test("sends one HTTP/1.0 request, with its body length in bytes", async () => {
  answer = (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n");
  const body = '{"title":"Grüße"}';
  const headers = { authorization: "Bearer t" };
  assert.deepEqual(await callLocally(`${url}/api/x?q=a%20b`, { method: "POST", headers, body }), {
    status: 204,
    text: "",
  });
  const host = new URL(url).host;
  assert.equal(
    asked,
    `POST /api/x?q=a%20b HTTP/1.0\r\nhost: ${host}\r\nauthorization: Bearer t\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
});

test("a response is complete at its content length, however it is split, without waiting for the connection to close", async () => {
  const text = "ä".repeat(200_000);
  answer = (socket) => {
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${2 * 200_000}\r\nX: y\r\n\r\n${text}`);
    socket.setNoDelay();
    // Split within the head and within a character.
    const cuts = [0, 9, 40, 101, bytes.length];
    for (const [index, at] of cuts.slice(1).entries()) socket.write(bytes.subarray(cuts[index], at));
  };
  assert.deepEqual(await callLocally(url), { status: 200, text });
});

test("a response without a length ends with the connection", async () => {
  answer = (socket) =>
    socket.end('HTTP/1.0 404 Not Found\r\nContent-Type: application/json\r\n\r\n{"code":"not_found"}');
  assert.deepEqual(await callLocally(url), { status: 404, text: '{"code":"not_found"}' });
});

test("anything but an HTTP response is an error with a code", async () => {
  const broken: Readonly<Record<string, [code: string, reply: (socket: Socket) => void]>> = {
    "one that breaks off": ["ECONNRESET", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")],
    "one that breaks off in its head": ["ECONNRESET", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-")],
    "another protocol": ["ECONNRESET", (socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n\r\n")],
    "a head without end": ["EPROTO", (socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`)],
    "a reset": ["ECONNRESET", (socket) => socket.resetAndDestroy()],
    silence: ["ETIMEDOUT", () => undefined],
  };
  for (const [what, [code, reply]] of Object.entries(broken)) {
    answer = reply;
    await assert.rejects(callLocally(url, code === "ETIMEDOUT" ? { timeoutMs: 20 } : {}), { code }, what);
  }
  await assert.rejects(callLocally("http://127.0.0.1:1"), { code: "ECONNREFUSED" });
});

test("rejects values that would inject a header", async () => {
  answer = (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n");
  await assert.rejects(async () => callLocally(url, { headers: { authorization: "Bearer t\r\nx: y" } }), TypeError);
  await callLocally(`${url}/a\r\nx: y`);
  assert.match(asked, /^GET \/ax:%20y HTTP\/1\.0\r\n/);
});
