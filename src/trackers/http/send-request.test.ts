import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { hasCode } from "../conformance/assert-code.ts";
import { openClient } from "./sample-client.ts";
import { largestAnswerBytes } from "./read-text.ts";

const words = JSON.stringify({ words: "Größe — 検索 ".repeat(5_000) });

test("an answer may come packed, as servers are told", async (t) => {
  const packed = { gzip: gzipSync(words), "x-gzip": gzipSync(words), br: brotliCompressSync(words), "": words };
  const { client, server } = await openClient(t, ({ url }, response) => {
    const encoding = url.slice(1) as keyof typeof packed;
    response.writeHead(200, encoding === "" ? {} : { "Content-Encoding": encoding }).end(packed[encoding]);
  });
  for (const encoding of Object.keys(packed)) {
    const { body } = await client.request({ url: `/${encoding}` });
    assert.equal(JSON.stringify(body), words, encoding);
  }
  assert.ok(server.seen.every(({ headers }) => headers["accept-encoding"] === "gzip, br"));
});

test("what unpacks to more than an answer may be is refused, and half of a packed answer is read again", async (t) => {
  const bomb = gzipSync(Buffer.alloc(largestAnswerBytes + 1, " "));
  const half = gzipSync(words).subarray(0, 100);
  const { client, server } = await openClient(t, ({ url }, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(url === "/bomb" ? bomb : half);
  });
  await assert.rejects(client.request({ url: "/bomb" }), hasCode("invalid_response", /larger than 64 megabytes/));
  assert.equal(server.seen.length, 1);
  await assert.rejects(client.request({ url: "/half" }), hasCode("unreachable"));
  assert.equal(server.seen.length, 4);
});

test("fields of one name are read as one, in any case; a name and password in an address are not sent", async (t) => {
  const { client, server } = await openClient(t, (_, response) => {
    response.writeHead(200, [
      ["Link", "<a>; rel=next"],
      ["link", "<b>; rel=last"],
      ["ETag", '"1"'],
    ]);
    response.end("{}");
  });
  const { headers } = await client.request({ url: server.url.replace("//", "//eve:secret@") });
  assert.equal(headers.get("LINK"), "<a>; rel=next, <b>; rel=last");
  assert.equal(headers.get("etag"), '"1"');
  assert.deepEqual([headers.has("Etag"), headers.has("date-of-birth"), headers.get("x-none")], [true, false, null]);
  assert.ok(!/eve|Basic/.test(JSON.stringify(server.seen[0]?.headers)));
});

test("every method takes a body, or none", async (t) => {
  const { client, server } = await openClient(t, ({ method, body }, response) => {
    response.end(JSON.stringify(`${method} ${body}`));
  });
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"] as const) {
    assert.equal((await client.request({ method, url: "/" })).body, `${method} `);
    if (method === "GET") continue;
    assert.equal((await client.request({ method, url: "/", body: "ü" })).body, `${method} "ü"`);
  }
  assert.equal(server.seen.length, 9);
});
