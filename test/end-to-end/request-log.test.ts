import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, isSynced, makeHome, oneProject, sourceOf, startPan, untilTrackers } from "../support/stage.ts";

const limit = { timeout: 100_000 };

let github: Emulator;
let linear: Emulator;
before(async () => {
  github = await startEmulator("github", { issues: 20, seed: 51 });
  linear = await startEmulator("linear", { issues: 20, seed: 51 });
});
after(async () => {
  await github.close();
  await linear.close();
});

/** All files in a folder, as text. */
function readAll(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => [path, readFileSync(path, "latin1")]),
  );
}

/** The keys of both trackers, and their encoded forms. */
function secrets(): string[] {
  const keys = [github.credentials["GITHUB_TOKEN"], linear.credentials["LINEAR_API_KEY"]].filter(
    (key) => key !== undefined,
  );
  assert.equal(keys.length, 2);
  return keys.flatMap((key) => [key, encodeURIComponent(key), Buffer.from(key).toString("base64").replace(/=+$/, "")]);
}

function assertNoSecret(texts: Iterable<readonly [string, string]>): void {
  for (const [where, text] of texts) for (const secret of secrets()) assert.ok(!text.includes(secret), where);
}

const makeStage = (): PanHome => makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });

test("DEBUG=github,linear pan up logs every request sent, and no secret", limit, async () => {
  await using home = makeStage();
  github.requests.clear();
  linear.requests.clear();
  const server = await startPan(home, { env: { DEBUG: "github,linear" } });
  await untilTrackers(server, (shape) => isSynced(shape), "synced");
  const [issue] = github.world.issues(sourceOf(github));
  const [other] = linear.world.issues(sourceOf(linear));
  assert.ok(issue && other);
  const texts: [string, string][] = [];
  for (const args of [["sync", "--sweep"], ["show", other.key, "--json"], ["trackers", "--json"], ["status"]]) {
    const { stdout, stderr } = await home.pan(...args);
    texts.push([`pan ${args.join(" ")}`, `${stdout}${stderr}`]);
  }
  // Failures are logged too.
  github.faults.add({ kind: "server-error", times: 1 });
  linear.faults.add({ kind: "revoked", times: 1 });
  const failed = await home.pan("sync");
  texts.push(["pan sync", `${failed.stdout}${failed.stderr}`]);
  for (const path of ["/api/trackers", "/api/board", "/api/sources?tracker=github", "/api/openapi.json"])
    texts.push([path, JSON.stringify(await server.get(path))]);
  for (const [tracker, body] of [
    ["github", { token: github.credentials["GITHUB_TOKEN"], server: github.url }],
    ["linear", { apiKey: linear.credentials["LINEAR_API_KEY"], server: linear.url }],
  ] as const)
    texts.push([
      `validate ${tracker}`,
      JSON.stringify((await server.ask("POST", `/api/${tracker}/validate`, body)).body),
    ]);

  const { stdout, stderr } = await server.stop();
  const lines = stderr.split("\n");
  const logged = (tracker: string) => lines.filter((line) => new RegExp(`\\b${tracker} (GET|POST) `).test(line));
  // Every request the emulators received is a line.
  for (const [tracker, emulator] of [
    ["github", github],
    ["linear", linear],
  ] as const) {
    const sent = emulator.requests.list();
    assert.equal(logged(tracker).length, sent.length, tracker);
    const addresses = logged(tracker).map((line) => /(?:GET|POST) \S+/.exec(line)?.[0] ?? line);
    const own = sent.map(({ method, url }) => `${method} ${new URL(emulator.url).origin}${url}`);
    assert.deepEqual(addresses.toSorted(), own.toSorted());
    for (const status of new Set(sent.map((request) => request.status)))
      assert.ok(
        logged(tracker).some((line) => line.includes(`→ ${status} in `)),
        `${tracker} ${status}`,
      );
  }
  // GraphQL: the query itself, and its variables.
  assert.match(stderr, /query \w+\(/);
  assert.match(stderr, /updatedAt/);
  assert.match(stderr, /^variables \{.*\}$/m);
  texts.push(["standard output", stdout], ["standard error", stderr]);
  assertNoSecret(texts);
  assertNoSecret(readAll(home.paths.home));
});

test("in the background, the log is private to the user; DEBUG=* hides secrets too", limit, async () => {
  await using home = makeStage();
  const started = home.start(["up", "--detach", "--port", "0", "--no-open"], { env: { DEBUG: "*" } });
  assert.equal((await started.finished).code, 0);
  try {
    const log = join(home.paths.home, "server.log");
    assert.equal(statSync(log).mode & 0o777, 0o600);
    assert.equal((await home.pan("sync")).code, 0);
    const text = await eventually(() => {
      const written = readFileSync(log, "utf8");
      return /github GET /.test(written) && /linear POST /.test(written) && /sync github:/.test(written)
        ? written
        : undefined;
    }, "the requests in server.log");
    assertNoSecret([["server.log", text]]);
  } finally {
    assert.match((await home.pan("down")).stdout, /has stopped/);
  }
  assertNoSecret(readAll(home.paths.home));
  const debugged = await home.start(["sync"], { env: { DEBUG: "*" } }).finished;
  assert.equal(debugged.code, 0);
  assert.match(debugged.stderr, /github GET /);
  const refused = await home.start(["sync"], { env: { DEBUG: "*", GITHUB_TOKEN: "ghp_refused_and_secret" } }).finished;
  assert.equal(refused.code, 4);
  assert.ok(!`${refused.stdout}${refused.stderr}`.includes("ghp_refused_and_secret"));
  assertNoSecret([["pan sync", `${debugged.stdout}${debugged.stderr}${refused.stdout}${refused.stderr}`]]);
});
