import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { emulatedTrackers } from "../../../emulators/start.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { type PanServer, startPan } from "../../../test/support/stage.ts";
import type { TrackersShape } from "../../server/contract/tracker.ts";
import { findTracker } from "../../trackers/registry.ts";
import { makeEmulatedHome } from "../fixture.ts";

let home: Awaited<ReturnType<typeof makeEmulatedHome>>;
let server: PanServer;

before(async () => {
  home = await makeEmulatedHome(6);
});
after(() => home[Symbol.asyncDispose]());

type Shown = { webhooks: { connection: string; address: string; secret: string; steps: string[] }[] };

test("without a public address, says how to get one", async () => {
  const { code, stderr } = await home.here(["webhooks"]);
  assert.equal(code, 1);
  assert.match(stderr, /publicUrl/);
});

test("shows address, secret and steps of each tracker, and keeps the secrets private to the user", async () => {
  server = await startPan(home);
  home.write("config", `server:\n  publicUrl: ${server.url}\n`);
  const { code, stdout } = await home.here(["webhooks", "--json"]);
  assert.equal(code, 0);
  const { webhooks } = JSON.parse(stdout) as Shown;
  assert.deepEqual(webhooks.map(({ connection }) => connection).sort(), [...emulatedTrackers].sort());
  for (const { connection, address, secret, steps } of webhooks) {
    assert.ok(address.startsWith(`${server.url}/webhooks/${connection}`));
    assert.equal(address.includes(secret), findTracker(connection)?.webhooks.secretIn === "address");
    assert.ok(steps.length > 2);
  }
  assert.equal(statSync(home.paths.webhooksFile).mode & 0o777, 0o600);
  const { stdout: text } = await home.here(["webhooks", "jira"]);
  assert.match(text, /administrator/);
  assert.equal((await home.here(["webhooks", "jria"])).code, 3);
  assert.equal((await home.here(["webhooks", "--create", "--remove"])).code, 2);
});

test("creates webhooks where a token may, updates existing ones, and logs no secret", async () => {
  const first = await home.start(["webhooks", "--create"], { env: { DEBUG: "*" } }).finished;
  assert.equal(first.code, 0, first.stderr);
  const all = Object.values(home.emulators);
  for (const { tracker, webhooks } of all) {
    // Two sources each; some APIs, such as Jira's, do not let people create webhooks.
    assert.equal(webhooks.list().length, findTracker(tracker)?.webhooks.byToken ? 2 : 0, tracker);
  }
  assert.match(first.stderr, /by hand/i);
  const { connections } = JSON.parse(readFileSync(home.paths.webhooksFile, "utf8")) as {
    connections: Record<string, { secret: string }>;
  };
  for (const { secret } of Object.values(connections)) assert.ok(!first.stderr.includes(secret));

  const { code } = await home.here(["webhooks", "github", "--rotate"]);
  assert.equal(code, 0);
  const again = await home.here(["webhooks", "github", "--create", "--json"]);
  const { webhooks } = JSON.parse(again.stdout) as { webhooks: { done: string }[] };
  assert.deepEqual(
    webhooks.map(({ done }) => done),
    ["updated", "updated"],
  );
  const present = JSON.parse((await home.here(["webhooks", "github", "--json"])).stdout) as Shown;
  for (const { secret } of home.emulators["github"]?.webhooks.list() ?? []) {
    assert.equal(secret, present.webhooks[0]?.secret);
  }
  assert.equal((await home.here(["webhooks", "jira", "--create"])).code, 1);
});

test("tests the route, and has trackers send a delivery where they can", async () => {
  const { code, stdout, stderr } = await home.here(["webhooks", "--test", "--json"]);
  const { trials } = JSON.parse(stdout) as {
    trials: { connection: string; arrived: boolean; heard: boolean | null }[];
  };
  assert.equal(code, 0, stdout + stderr);
  for (const { connection, arrived, heard } of trials) {
    assert.ok(arrived, connection);
    // null: the tracker cannot be asked to send.
    assert.notEqual(heard, false, connection);
    if (["github", "gitlab"].includes(connection)) assert.equal(heard, true, connection);
  }
  const { trackers } = await server.get<TrackersShape>("/api/trackers");
  assert.equal(trackers.find(({ connection }) => connection === "github")?.webhooks.refused, 0);
});

test("reads a tracker-made secret from standard input", async () => {
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "..", "main.ts"),
      "webhooks",
      "linear",
      "--secret",
    ],
    { env: { ...process.env, PANOPTICON_HOME: home.folder }, stdio: ["pipe", "ignore", "ignore"] },
  );
  child.stdin.end("lin_wh_a-secret-of-linear\n");
  assert.equal(await new Promise((resolve) => child.once("close", resolve)), 0);
  const { webhooks } = JSON.parse((await home.here(["webhooks", "linear", "--json"])).stdout) as Shown;
  assert.equal(webhooks[0]?.secret, "lin_wh_a-secret-of-linear");
});

test("removes webhooks, and accepts no deliveries afterwards", async () => {
  const { code, stderr } = await home.here(["webhooks", "gitlab", "--remove"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(home.emulators["gitlab"]?.webhooks.list(), []);
  const { trackers } = await server.get<TrackersShape>("/api/trackers");
  assert.equal(trackers.find(({ connection }) => connection === "gitlab")?.webhooks.state, "off");
});
