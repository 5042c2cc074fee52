import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startEmulator } from "../../emulators/start.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import { writeFileAtomically } from "../../src/config/atomic-file.ts";
import { systemClock } from "../../src/domain/clock.ts";
import type { BoardShape } from "../../src/server/contract/issue.ts";
import { openStore } from "../../src/store/open-store.ts";
import { assertMirrorEquals } from "../support/compare.ts";
import { eventually, isSynced, makeHome, oneProject, startPan, untilTrackers } from "../support/stage.ts";

const issues = 1500;

/** Sends SIGKILL and waits for the process to end. */
async function kill(server: Awaited<ReturnType<typeof startPan>>): Promise<void> {
  server.process.kill("SIGKILL");
  assert.equal((await server.finished).code, null);
}

async function checkMirror(home: PanHome, emulators: Parameters<typeof assertMirrorEquals>[1]): Promise<void> {
  const store = await openStore({
    databaseUrl: null,
    file: home.paths.databaseFile,
    clock: systemClock,
    readOnly: true,
  });
  try {
    assert.deepEqual(await store.check(), []);
    await assertMirrorEquals(store, emulators);
  } finally {
    await store.close();
  }
}

test("a server killed at any moment of a first sync continues where it stopped", { timeout: 110_000 }, async () => {
  const github = await startEmulator("github", { issues, seed: 31, sources: 1 });
  const linear = await startEmulator("linear", { issues, seed: 31, sources: 1 });
  await using home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  const pages = () => github.requests.list().filter(({ url }) => /\/issues\?/.test(url)).length;
  try {
    // Slow enough that every kill interrupts a running sync.
    for (const emulator of [github, linear])
      emulator.faults.add({ kind: "slow", value: 30, times: Number.POSITIVE_INFINITY });
    let reached = 0;
    for (const wanted of [0, 1, issues * 0.4, issues * 1, issues * 1.5]) {
      const server = await startPan(home);
      const stored = await eventually(async () => {
        const { mirrored } = await server.get<BoardShape>("/api/board?limit=1");
        return mirrored >= wanted ? mirrored : undefined;
      }, `${wanted} issues`);
      assert.ok(stored >= reached, "what was on disk is still there");
      reached = stored;
      await kill(server);
      assert.ok(existsSync(home.paths.serverFile), "the killed server's file is left");
      const status = await home.pan("status");
      assert.equal(status.code, 0, status.stderr);
      assert.match(status.stdout, /^The server is not running/);
      assert.match(status.stderr, /The mirror is incomplete because a first sync has not finished/);
    }
    assert.ok(reached < 2 * issues, "the last kill came before the end");
    for (const emulator of [github, linear]) emulator.faults.clear();
    // The tracker changes while no server runs.
    for (const { world } of [github, linear]) {
      const [one, two] = world.issues();
      assert.ok(one && two);
      world.edit(one.nativeId, { title: "Changed between two servers" });
      world.edit(two.nativeId, { state: two.state === "open" ? "closed" : two.state, labels: [] });
    }
    const before = pages();
    const server = await startPan(home);
    await untilTrackers(server, (shape) => isSynced(shape), "the first sync's end");
    assert.ok(pages() - before < (issues * 1.5) / 100, "it went on, and did not begin again");
    assert.equal((await home.pan("sync", "--sweep")).code, 0);
    await checkMirror(home, [github, linear]);

    // Killed between two incremental syncs, and during one: nothing is lost either.
    github.world.edit(github.world.issues()[2]?.nativeId ?? "", { title: "Changed under a dying server" });
    const sync = home.pan("sync");
    await kill(server);
    await sync;
    assert.equal((await home.pan("sync")).code, 0);
    await checkMirror(home, [github, linear]);
    assert.match((await home.pan("doctor")).stdout, /^ok +Mirror: 3,000 issues, no errors/m);
  } finally {
    await github.close();
    await linear.close();
  }
});

test(
  "a stale server.json misleads no command, and its token is not sent to another program",
  { timeout: 60_000 },
  async () => {
    const github = await startEmulator("github", { issues: 10, seed: 32 });
    await using home = makeHome({ emulators: [github], projects: oneProject(github, null) });
    const heard: (string | undefined)[] = [];
    const stranger = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.end('{"status":"fine"}');
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    try {
      const server = await startPan(home);
      await untilTrackers(server, (shape) => isSynced(shape), "synced");
      const left = JSON.parse(readFileSync(home.paths.serverFile, "utf8")) as Record<string, unknown>;
      await kill(server);
      // Its pid and its port belong to other programs now.
      const { port } = stranger.address() as AddressInfo;
      const deceiving = { ...left, pid: process.pid, url: `http://127.0.0.1:${port}` };
      writeFileAtomically(home.paths.serverFile, JSON.stringify(deceiving), 0o600);
      assert.match((await home.pan("status")).stdout, /^The server is not running/);
      assert.match((await home.pan("issues", "--json", "--limit", "1")).stderr, /^From the mirror/);
      assert.match((await home.pan("down")).stdout, /No server is running/);
      assert.equal((await home.pan("sync")).code, 0);
      assert.ok(heard.length > 0 && heard.every((token) => token === undefined), "it was asked, without the token");
      // The next server replaces it and keeps the token that browsers know.
      const next = await startPan(home);
      assert.equal(next.token, left["token"]);
      assert.match((await home.pan("status")).stdout, new RegExp(`process ${next.pid}`));
      assert.equal((await next.stop()).code, 0);
      assert.equal(existsSync(home.paths.serverFile), false);

      for (const damaged of [
        "",
        "{",
        "[]",
        '{"pid": 1}',
        `{"pid": ${process.pid}, "url": "http://example.com", "token": "t", "version": "1"}`,
      ]) {
        writeFileAtomically(home.paths.serverFile, damaged, 0o600);
        assert.match((await home.pan("status")).stdout, /^The server is not running/);
      }
    } finally {
      stranger.close();
      await github.close();
    }
  },
);
