import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";

let harness: ServerHarness;
const script = "export const answer = 42;\n".repeat(200);
const inline = "document.title += ' runs';";

before(async () => {
  harness = await startServerHarness();
  const { webRoot, folder } = harness;
  await mkdir(join(webRoot, "assets"));
  await mkdir(join(webRoot, ".vite"));
  await writeFile(join(webRoot, "index.html"), `<!doctype html><title>Panopticon</title><script>${inline}</script>`);
  await writeFile(join(webRoot, "assets", "index-BxT3k9aQ.js"), script);
  await writeFile(join(webRoot, "assets", "plain.svg"), "<svg/>");
  await writeFile(join(webRoot, ".vite", "manifest.json"), "{}");
  await writeFile(join(folder, "secret.txt"), "outside");
  await symlink(join(folder, "secret.txt"), join(webRoot, "link.txt"));
  await symlink(folder, join(webRoot, "folder"));
});
after(() => harness.close());

/** fetch decompresses responses; these tests examine the raw ones. */
async function fetchRaw(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(harness.url + path, { headers: { authorization: `Bearer ${harness.token}`, ...headers } });
}

test("serves the dashboard's page at all of its addresses", async () => {
  for (const path of [
    "/",
    "/issues/app%231",
    "/issues/acme%2Fapp%231",
    "/settings/projects/app",
    "/issues/next.js%234",
    "/issues/.github%234",
    "/index.html",
  ]) {
    const answer = await harness.ask(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.text, /<title>Panopticon/);
    assert.equal(answer.headers["cache-control"], "no-cache");
    const digest = createHash("sha256").update(inline).digest("base64");
    const policy = String(answer.headers["content-security-policy"]).split("; ");
    assert.ok(policy.includes(`script-src 'self' 'sha256-${digest}'`), policy.join("; "));
    assert.match(String(answer.headers["content-type"]), /text\/html/);
  }
});

test("serves hashed files as immutable, and others for revalidation", async () => {
  const hashed = await harness.ask("/assets/index-BxT3k9aQ.js");
  assert.equal(hashed.text, script);
  assert.equal(hashed.headers["cache-control"], "public, max-age=31536000, immutable");
  assert.equal(hashed.headers["content-type"], "text/javascript; charset=utf-8");
  const plain = await harness.ask("/assets/plain.svg");
  assert.equal(plain.headers["cache-control"], "no-cache");
  const again = await harness.ask("/assets/plain.svg", {
    headers: { "if-none-match": String(plain.headers.etag) },
  });
  assert.equal(again.status, 304);
  assert.equal(again.text, "");
});

test("compresses scripts for clients that accept it", async () => {
  for (const [accepted, encoding] of [
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["identity", null],
  ] as const) {
    const answer = await fetchRaw("/assets/index-BxT3k9aQ.js", { "accept-encoding": accepted });
    assert.equal(answer.headers.get("content-encoding"), encoding, accepted);
    assert.equal(answer.headers.get("vary"), "Accept-Encoding");
    assert.equal(await answer.text(), script);
    if (encoding !== null) assert.ok(Number(answer.headers.get("content-length")) < script.length / 2);
  }
});

test("serves what the build compressed, unless it is older than the file", async () => {
  const path = join(harness.webRoot, "assets", "other-12345678.js");
  await writeFile(path, script);
  await writeFile(`${path}.br`, "from the build");
  const answer = await harness.ask("/assets/other-12345678.js", { headers: { "accept-encoding": "br" } });
  assert.equal(answer.text, "from the build");

  const late = join(harness.webRoot, "assets", "late-12345678.js");
  await writeFile(`${late}.gz`, "outdated");
  await writeFile(late, script);
  await utimes(`${late}.gz`, 1, 1);
  const fresh = await fetchRaw("/assets/late-12345678.js", { "accept-encoding": "gzip" });
  assert.equal(await fresh.text(), script);
});

test("reloads a changed file", async () => {
  const path = join(harness.webRoot, "assets", "plain.svg");
  await writeFile(path, "<svg>new</svg>");
  await utimes(path, new Date(), new Date(Date.now() + 5000));
  assert.equal((await harness.ask("/assets/plain.svg")).text, "<svg>new</svg>");
});

test("serves nothing outside the folder, however the path is written", async () => {
  for (const path of [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/....//secret.txt",
    "//secret.txt",
    "/secret.txt%00.js",
    "/link.txt",
    "/folder/secret.txt",
    "/%252e%252e/secret.txt",
    "/assets/..%252f..%252fsecret.txt",
    "/assets%2f..%2f..%2fsecret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/..\\secret.txt",
    "/..;/secret.txt",
    "/%5c..%5csecret.txt",
    "/secret.txt%00.txt",
    "/%2fetc%2fhosts.txt",
    "/file:%2f%2f%2fetc/hosts.txt",
    `/${"a/".repeat(3000)}secret.txt`,
    "/.vite/manifest.json",
    "/absent.js",
  ]) {
    const answer = await harness.ask(path);
    assert.ok(!answer.text.includes("outside"), path);
    assert.ok(answer.status === 404 || answer.status === 400, `${path}: ${answer.status}`);
  }
});

test("explains on the page that the dashboard is not built yet", async () => {
  const empty = await startServerHarness();
  try {
    const answer = await empty.ask("/");
    assert.equal(answer.status, 503);
    assert.match(answer.text, /npm run build/);
    await rm(empty.webRoot, { recursive: true });
    assert.equal((await empty.ask("/")).status, 503);
  } finally {
    await empty.close();
  }
});
