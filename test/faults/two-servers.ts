import assert from "node:assert/strict";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { startEmulators } from "../../emulators/start.ts";
import { type Finished, makePanHome, projectKeys } from "../../src/cli/fixture.ts";
import { systemClock } from "../../src/domain/clock.ts";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import { openStore } from "../../src/store/open-store.ts";
import { assertMirrorEquals } from "../support/compare.ts";
import { isSynced, makeHome, startPan, untilTrackers } from "../support/stage.ts";
import { assertPlain } from "./plain-words.ts";

/**
 * Starts a second server on a running one's data directory: by the same path, by another path to the same folder, and without a server.json. It is refused and
 * names the owner; the owner keeps working with all five trackers.
 */
export async function runTwoServers(seed: number): Promise<void> {
  const { emulators, close } = await startEmulators({ issues: 10, seed, sources: 1 });
  const all = Object.values(emulators);
  await using home = makeHome({
    emulators: all,
    projects: `projects:\n  one:\n    history: all\n${projectKeys(emulators, 0)}`,
  });
  try {
    const server = await startPan(home);
    await untilTrackers(server, (shape) => isSynced(shape), "synced");
    assertRefused(await home.pan("up", "--no-open", "--port", "4999"), /is already running/, /pan down/);

    await using detour = makePanHome();
    rmSync(join(detour.folder, ".panopticon"), { recursive: true, force: true });
    symlinkSync(join(home.folder, ".panopticon"), join(detour.folder, ".panopticon"));
    rmSync(home.paths.serverFile);
    const owner = new RegExp(`already running with this data directory \\(process ${server.pid}, since `);
    // In parallel, because each is a process that has to start.
    const [up, sync, around, read] = await Promise.all([
      home.pan("up", "--no-open", "--port", "0"),
      home.pan("sync"),
      detour.pan("up", "--no-open", "--port", "0"),
      // Reading needs no lock.
      detour.pan("issues", "--json"),
    ]);
    for (const refused of [up, around]) assertRefused(refused, owner, /PANOPTICON_HOME/);
    assertRefused(sync, owner, /pan status/);
    const { total } = JSON.parse(read.stdout) as IssueListShape;
    assert.equal(
      total,
      all.reduce((sum, { world }) => sum + world.issues().length, 0),
    );

    for (const { tracker, world } of all) {
      world.edit(world.issues()[0]?.nativeId ?? "", { title: `The owner goes on with ${tracker}` });
      const { status } = await server.ask("POST", `/api/trackers/${tracker}/sync`);
      assert.equal(status, 200, tracker);
    }
    assert.equal((await server.stop()).code, 0);
    const store = await openStore({
      databaseUrl: null,
      file: home.paths.databaseFile,
      clock: systemClock,
      readOnly: true,
    });
    try {
      await assertMirrorEquals(store, all);
      assert.deepEqual(await store.check(), []);
    } finally {
      await store.close();
    }
  } finally {
    await close();
  }
}

function assertRefused({ code, stdout, stderr }: Finished, ...words: readonly RegExp[]): void {
  assert.equal(code, 1, stdout + stderr);
  for (const one of words) assert.match(stdout + stderr, one);
  assertPlain(stdout + stderr);
}
