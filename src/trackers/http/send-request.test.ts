import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { hasCode } from "../conformance/assert-code.ts";
import { openClient } from "./sample-client.ts";
import { largestAnswerBytes } from "./read-text.ts";

const words = JSON.stringify({ words: "Größe — 検索 ".repeat(5_000) });

test("accepts compressed responses, as the request announces", async (t) => {
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

test("rejects a response that is too large when decompressed, and retries a truncated compressed one", async (t) => {
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

test("joins header fields of one name, in any case; does not send a user name and password from the URL", async (t) => {
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

test("sends any method with or without a body", async (t) => {
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
