import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../../../emulators/start.ts";
import { makeDataDirectory } from "../../config/data-directory.ts";
import { systemClock } from "../../domain/clock.ts";
import { openDatabase } from "../../store/database/open-database.ts";
import { current, migrate } from "../../store/schema/migrate.ts";
import { acquireLock } from "../../store/lock.ts";
import { makePanHome, type PanHome, projectKeys } from "../fixture.ts";

/** A home with keys, a project, and a mirror made by an earlier version. */
async function makeEarlyHome(github: Awaited<ReturnType<typeof startEmulator>>): Promise<PanHome> {
  const home = makePanHome();
  const keys = Object.entries(github.credentials);
  home.write("env", keys.map(([key, value]) => `${key}=${value}\n`).join(""));
  home.write("projects", `projects:\n  one:\n    history: all\n${projectKeys({ github }, 0)}`);
  makeDataDirectory(home.paths.home);
  await makeEarly(home);
  return home;
}

async function makeEarly({ paths }: PanHome): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) rmSync(paths.databaseFile + end, { force: true });
  const early = await openDatabase({
    databaseUrl: null,
    file: paths.databaseFile,
    readOnly: false,
    findRefs: () => [],
    clock: systemClock,
  });
  await migrate(early, current - 1);
  await early.close();
}

const says = /^The mirror was written by an earlier version of Panopticon; upgrading it once\.$/gm;

test("every command that uses an earlier version's mirror upgrades it, says so, and does its work", async (t) => {
  const github = await startEmulator("github", { issues: 5, seed: 61, sources: 1 });
  t.after(() => github.close());
  await using home = await makeEarlyHome(github);
  const lines = [
    ["issues"],
    ["issues", "--json"],
    ["status"],
    ["trackers"],
    ["states", "one"],
    ["outbox"],
    ["export"],
    ["workspace", "list"],
    ["agent", "list"],
    ["dispatch", "--dry-run"],
    ["sync"],
  ];
  for (const args of lines) {
    await makeEarly(home);
    const { code, stderr } = await home.here(args);
    assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
    assert.equal(stderr.match(says)?.length, 1, `${args.join(" ")}: ${stderr}`);
    assert.doesNotMatch((await home.here(args)).stderr, says, args.join(" "));
  }
  await makeEarly(home);
  const unknown = await home.here(["show", "portal#1"]);
  assert.equal(unknown.code, 3);
  assert.match(unknown.stderr, says);
});

test("read-only commands leave an earlier version's mirror alone: doctor reports it, backup keeps it, completion does not wait", async (t) => {
  const github = await startEmulator("github", { issues: 5, seed: 61, sources: 1 });
  t.after(() => github.close());
  await using home = await makeEarlyHome(github);
  const backup = join(home.folder, "early.backup");
  assert.equal((await home.here(["completion", "words", "show", ""])).stdout, "");
  assert.equal((await home.here(["backup", backup])).code, 0);
  const doctor = await home.here(["doctor"]);
  assert.match(
    doctor.stdout,
    /note +Mirror: written by an earlier version; the next command upgrades it\n.*pan backup/,
  );

  assert.equal((await home.here(["sync"])).code, 0);
  assert.match((await home.here(["issues"])).stderr, /^5 issues$/m);
  assert.equal((await home.here(["restore", backup, "--force"])).code, 0);
  const restored = await home.here(["issues"]);
  assert.equal(restored.code, 0);
  assert.doesNotMatch(restored.stderr, says, "restoring brings it up to date");
});

test("a reading command waits for another one that holds an earlier version's mirror, and says why if it cannot upgrade it", async (t) => {
  const github = await startEmulator("github", { issues: 5, seed: 61, sources: 1 });
  t.after(() => github.close());
  await using home = await makeEarlyHome(github);
  const lock = await acquireLock({ databaseUrl: null, file: home.paths.lockFile });
  const waiting = home.here(["issues"]);
  assert.equal(await Promise.race([waiting, sleep(300, "waits")]), "waits");
  await lock.release();
  assert.equal((await waiting).code, 0);

  await makeEarly(home);
  rmSync(home.paths.lockFile);
  mkdirSync(home.paths.lockFile);
  const refused = await home.here(["issues"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^The mirror was written by an earlier version of Panopticon and cannot be upgraded: ./);
});
