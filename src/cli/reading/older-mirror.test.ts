import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { makeDataDirectory } from "../../config/data-directory.ts";
import { systemClock } from "../../domain/clock.ts";
import { openDatabase } from "../../store/database/open-database.ts";
import { current, migrate } from "../../store/schema/migrate.ts";
import { makePanHome, projectKeys } from "../fixture.ts";

test("a mirror of an earlier version says what to do, is kept by a backup, and shows its issues once that was done", async (t) => {
  const github = await startEmulator("github", { issues: 5, seed: 61, sources: 1 });
  t.after(() => github.close());
  await using home = makePanHome();
  const keys = Object.entries(github.credentials);
  home.write("env", keys.map(([key, value]) => `${key}=${value}\n`).join(""));
  home.write("projects", `projects:\n  one:\n    history: all\n${projectKeys({ github }, 0)}`);
  makeDataDirectory(home.paths.home);
  const early = await openDatabase({
    databaseUrl: null,
    file: home.paths.databaseFile,
    readOnly: false,
    findRefs: () => [],
    clock: systemClock,
  });
  await migrate(early, current - 1);
  await early.close();

  const says = /written by an older version of Panopticon\.\n.*`pan up` or `pan sync` brings it up to date/;
  for (const args of [["issues"], ["show", "portal#1"], ["status"], ["trackers"], ["outbox"], ["export"]]) {
    const { code, stdout, stderr } = await home.here(args);
    assert.equal(code, 2, args[0]);
    assert.equal(stdout, "", args[0]);
    assert.match(stderr, says, args[0]);
  }
  const doctor = await home.here(["doctor"]);
  assert.equal(doctor.code, 1);
  assert.match(doctor.stdout, /ERROR +Mirror: .*older version.*\n.*`pan up` or `pan sync`/);
  assert.equal((await home.here(["backup", join(home.folder, "early.backup")])).code, 0);

  assert.equal((await home.here(["sync"])).code, 0);
  assert.match((await home.here(["issues"])).stderr, /^5 issues$/m);
  assert.equal((await home.here(["restore", join(home.folder, "early.backup"), "--force"])).code, 0);
  assert.equal((await home.here(["issues"])).code, 0, "what is restored is brought up to date");
});
