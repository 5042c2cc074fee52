import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { PanopticonError } from "../domain/error.ts";

let harness: ServerHarness;
before(async () => {
  harness = await startServerHarness();
});
after(() => harness.close());

const address = (url: string, connection = "alpha") =>
  `/api/files?${new URLSearchParams({ connection, url }).toString()}`;

/** Makes the tracker return a file of this type. */
function serve(contentType: string | null, text = "content"): void {
  harness.sync.answers.openFile = async () => ({
    stream: new Blob([text]).stream(),
    contentType,
    size: null,
  });
}

describe("a tracker's file", () => {
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "IMAGE/PNG; x=y"]) {
    test(`${type} is shown`, async () => {
      serve(type, "pixels");
      const answer = await harness.ask(address("https://alpha.example/a"));
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["content-disposition"], "inline");
      assert.equal(answer.headers["content-type"], type.toLowerCase().split(";")[0]);
      assert.equal(answer.text, "pixels");
      assert.match(String(answer.headers["cache-control"]), /^private/);
    });
  }

  for (const [type, sent] of [
    ["image/svg+xml", "image/svg+xml"],
    ["text/html; charset=utf-8", "application/octet-stream"],
    ["application/xhtml+xml", "application/octet-stream"],
    ["text/javascript", "application/octet-stream"],
    ["text/xml", "application/octet-stream"],
    ["multipart/x-mixed-replace", "application/octet-stream"],
    ["application/pdf", "application/pdf"],
    ["text/plain", "text/plain"],
    ["nonsense\u007f", "application/octet-stream"],
    [null, "application/octet-stream"],
  ] as const) {
    test(`${type ?? "without a type it"} is a download`, async () => {
      serve(type, "<script>alert(1)</script>");
      const answer = await harness.ask(address("https://alpha.example/a"));
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["content-disposition"], "attachment");
      assert.equal(answer.headers["content-type"], sent);
    });
  }

  test("runs nothing and is not sniffed, whatever it is", async () => {
    for (const type of ["image/png", "image/svg+xml", "text/html"]) {
      serve(type);
      const { headers } = await harness.ask(address("https://alpha.example/a"));
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.match(String(headers["content-security-policy"]), /default-src 'none'.*sandbox/);
      assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    }
  });

  test("is requested from the named connection, with an unchanged URL", async () => {
    const asked: string[] = [];
    harness.sync.answers.openFile = async (connection, url) => {
      asked.push(`${connection} ${url}`);
      return { stream: new Blob(["x"]).stream(), contentType: null, size: 1 };
    };
    await harness.ask(address("https://beta.example/a b?x=1&y=%2F#z", "beta"));
    assert.deepEqual(asked, ["beta https://beta.example/a b?x=1&y=%2F#z"]);
  });

  test("of an unknown connection is not found", async () => {
    const answer = await harness.ask(address("https://alpha.example/a", "alphaa"));
    assert.equal(answer.status, 404);
    assert.deepEqual((answer.json() as { candidates: string[] }).candidates, ["alpha"]);
  });

  test("that the tracker refuses is answered with a problem that says so", async () => {
    harness.sync.answers.openFile = () =>
      Promise.reject(new PanopticonError("forbidden", "This tracker keeps no files there.", { tracker: "alpha" }));
    const answer = await harness.ask(address("http://169.254.169.254/latest/meta-data/"));
    assert.equal(answer.status, 502);
    assert.equal(answer.headers["content-type"], "application/problem+json");
  });

  test("is cancelled when the client disconnects", async () => {
    let cancelled = 0;
    harness.sync.answers.openFile = async () => ({
      stream: new ReadableStream({ cancel: () => void (cancelled += 1) }),
      contentType: null,
      size: null,
    });
    assert.equal((await harness.ask(address("https://alpha.example/a"), { method: "HEAD" })).status, 200);
    assert.equal(cancelled, 1);
  });

  test("that is interrupted ends the response, not the server", async () => {
    harness.sync.answers.openFile = async () => ({
      stream: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("half"));
        },
        pull: () => Promise.reject(new Error("broken")),
      }),
      contentType: null,
      size: null,
    });
    await assert.rejects(harness.ask(address("https://alpha.example/a")));
    serve("image/png");
    assert.equal((await harness.ask(address("https://alpha.example/a"))).status, 200);
  });
});
