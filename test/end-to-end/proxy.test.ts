import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startEmulator } from "../../emulators/start.ts";
import { makeHome, oneProject, startPan } from "../support/stage.ts";

/** A corporate proxy: resolves names that this machine does not know, and records requests. */
async function startProxy(names: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "", "http://relative.example");
    asked.push(url.host);
    const host = names[url.hostname];
    if (host === undefined) return void outgoing.writeHead(502).end();
    const { method, headers } = incoming;
    const onward = request({ host, port: url.port, path: url.pathname + url.search, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, [Symbol.dispose]: () => server.close().closeAllConnections() };
}

test("trackers are reached through the environment's proxy, this machine is not", { timeout: 60_000 }, async () => {
  const github = await startEmulator("github", { issues: 30, seed: 5, sources: 1 });
  const linear = await startEmulator("linear", { issues: 20, seed: 5, sources: 1 });
  using proxy = await startProxy({ "github.example": "127.0.0.1" });
  const { port } = new URL(github.url);
  const credentials = { ...github.credentials, GITHUB_API_URL: `http://github.example:${port}` };
  const HTTP_PROXY = proxy.url.replace("//", "//eve:hunter2@");
  await using home = makeHome({
    emulators: [linear],
    env: credentials,
    projects: oneProject(github, linear),
  });
  try {
    const outputs: string[] = [];
    const pan = async (...args: string[]) => {
      const { stdout, stderr } = await home.here(args, { HTTP_PROXY });
      outputs.push(stdout, stderr);
      return stdout + stderr;
    };
    assert.match(await pan("sync"), /^50 issues changed/);
    assert.deepEqual(
      [...new Set(proxy.asked)],
      [`github.example:${port}`],
      "Linear, on this machine, was asked directly",
    );
    assert.match(
      await pan("doctor"),
      new RegExp(`^note +HTTP_PROXY: requests to other machines go through ${proxy.url}$`, "m"),
    );

    const server = await startPan(home, { env: { HTTP_PROXY } });
    assert.match(await pan("issues", "--tracker", "github", "--limit", "1"), /1 issue of 30/);
    const { status } = await server.ask("POST", "/api/trackers/github/sync");
    assert.equal(status, 200);
    const { stdout, stderr } = await server.stop();
    assert.ok(![stdout, stderr, ...outputs].some((text) => text.includes("hunter2")), "its password is shown nowhere");

    const direct = await home.here(["sync"], { HTTP_PROXY, NO_PROXY: "github.example" });
    assert.match(direct.stderr, /host name github\.example:\d+ could not be resolved/);
    for (const [address, trouble] of [
      ["127.0.0.1:1", "refuses connections"],
      ["proxy.invalid:3128", "could not be resolved"],
    ]) {
      const lost = await home.here(["trackers", "test", "github"], { HTTP_PROXY: `http://${address}` });
      assert.equal(lost.code, 1);
      const said = `The proxy (127.0.0.1:1|proxy.invalid), through which github.example:\\d+ is reached, ${trouble}.\n`;
      assert.match(lost.stderr, new RegExp(`${said}Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY`));
    }
    const wrong = await home.here(["issues"], { HTTP_PROXY: "proxy:3128" });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^HTTP_PROXY is not the address of an HTTP proxy\.\nWrite it as http:\/\/HOST:PORT/);
    const plain = await home.here(["issues"], { HTTP_PROXY: "http://eve:100%@127.0.0.1:9" });
    assert.equal(plain.code, 2);
    assert.match(
      plain.stderr,
      /^The user or the password in HTTP_PROXY is not percent-encoded\.\nWrite the sign % as %25/,
    );
  } finally {
    await github.close();
    await linear.close();
  }
});
