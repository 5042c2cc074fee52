import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../emulators/start.ts";
import { readNotMirrored, readProblems } from "../support/board.ts";
import { count, onDemandOnly, saysWithout, trackerOf, useBadTrackers } from "../support/bad-trackers.ts";
import { isSynced, makeHome, oneProject, sourceOf, startPan, untilTrackers } from "../support/stage.ts";

const limit = { timeout: 100_000 };

const stage = useBadTrackers();

test("an unknown repository and an unknown team", limit, async () => {
  const { github, linear, checkBoard } = stage();
  await using home = makeHome({
    emulators: [github, linear],
    projects: `projects:
  one:
    history: all
    github_repo: [${sourceOf(github)}, harborline/nothing]
    linear_team: [${sourceOf(linear)}, NOPE]
`,
  });
  const repository = /The repository harborline\/nothing does not exist, or the token has no access to it\./;
  const team = /The team NOPE does not exist, or the API key has no access to it\./;
  const total = count(github, 0) + count(linear, 0);
  const down = await home.here(["sync"]);
  for (const words of [repository, team, /Check the spelling of github_repo in projects\.yaml/, /Check linear_team/])
    saysWithout(down, 1, words);
  assert.match(down.stdout, new RegExp(`^${total} issues changed`));
  saysWithout(await home.here(["issues", "--json", "--limit", "1"]), 0, new RegExp(`"total": ${total}\\b`));

  const server = await startPan(home);
  const told = await untilTrackers(
    server,
    (shape) => trackerOf(shape, "github").error !== null && trackerOf(shape, "linear").error !== null,
    "the refusals",
  );
  assert.match(trackerOf(told, "github").error?.message ?? "", repository);
  assert.match(trackerOf(told, "linear").error?.message ?? "", team);
  await checkBoard(server, total, async (page) => {
    const problems = await readProblems(page, repository);
    for (const words of [team, /Check the spelling of github_repo/, /Check linear_team/]) assert.match(problems, words);
    const missing = await readNotMirrored(page, /Not all issues are mirrored/);
    assert.match(missing, /github:harborline\/nothing The first sync has not finished: The repository/);
    assert.doesNotMatch(missing, /history: all/);
  });
  assert.equal((await server.stop()).code, 0);
});

test("a record with a missing field is set aside, and read once it is complete", limit, async () => {
  const { github, linear, checkBoard } = stage();
  const [issue] = github.world.issues(sourceOf(github));
  const [other] = linear.world.issues(sourceOf(linear));
  assert.ok(issue && other);
  await using home = makeHome({
    emulators: [github, linear],
    projects: oneProject(github, linear),
    config: onDemandOnly,
  });
  const total = count(github, 0) + count(linear, 0);
  github.world.malform(issue.nativeId, "missing-field");
  linear.world.malform(other.nativeId, "wrong-type");
  const server = await startPan(home);
  try {
    const told = await untilTrackers(server, (shape) => isSynced(shape), "both synced");
    for (const connection of ["github", "linear"])
      assert.equal(trackerOf(told, connection).sources[0]?.rejected, 1, connection);
    const words = /1 record could not be read and is not shown\./;
    saysWithout(await home.here(["status"]), 0, words);
    saysWithout(await home.here(["status"]), 0, /read again after the next change in the tracker/);
    await checkBoard(server, total - 2, async (page) => {
      assert.match(await readProblems(page, /1 record could not be read/), /keeps the tracker’s data/);
      await readNotMirrored(page, /2 issues are not mirrored: The tracker sent records that could not be read/);
    });
  } finally {
    github.world.malform(issue.nativeId, null);
    linear.world.malform(other.nativeId, null);
  }
  github.world.edit(issue.nativeId, { body: "whole again" });
  linear.world.edit(other.nativeId, { body: "whole again" });
  saysWithout(await home.here(["sync"]), 0, /^2 issues changed/);
  await checkBoard(server, total, async () => {});
  assert.doesNotMatch((await home.here(["status"])).stderr, /could not be read/);
  assert.equal((await server.stop()).code, 0);
});

test("a clock that is off by a day", limit, async () => {
  const { checkBoard } = stage();
  const dayMs = 86_400_000;
  // This machine's clock can only be off in one direction, so use one tracker for each.
  const tomorrow = await startEmulator("github", { issues: 20, seed: 3, now: () => Date.now() + dayMs });
  const yesterday = await startEmulator("linear", { issues: 20, seed: 3, now: () => Date.now() - dayMs });
  await using home = makeHome({
    emulators: [tomorrow, yesterday],
    projects: oneProject(tomorrow, yesterday),
    config: onDemandOnly,
  });
  try {
    const behind = /This machine's clock is 1 day behind GitHub's\./;
    const ahead = /This machine's clock is 1 day ahead of Linear's\./;
    const remedy = /Set it from the network \(`?timedatectl set-ntp true`?\)/;
    const server = await startPan(home);
    const told = await untilTrackers(server, (shape) => isSynced(shape), "both synced");
    assert.match(trackerOf(told, "github").warnings[0]?.message ?? "", behind);
    assert.match(trackerOf(told, "linear").warnings[0]?.message ?? "", ahead);
    for (const command of ["status", "doctor"]) {
      const said = await home.here([command]);
      for (const words of [behind, ahead, remedy]) saysWithout(said, 0, words);
    }
    // Nothing is missed, because cursors use the trackers' time.
    for (const emulator of [tomorrow, yesterday]) {
      const created = emulator.world.create(sourceOf(emulator), { title: "At another time" });
      saysWithout(await home.here(["sync"]), 0, /^1 issue changed/);
      emulator.world.edit(created.nativeId, { title: "At another time again" });
      saysWithout(await home.here(["sync"]), 0, /^1 issue changed/);
    }
    saysWithout(await home.here(["sync"]), 0, /^0 issues changed/);
    await checkBoard(server, count(tomorrow, 0) + count(yesterday, 0), async (page) => {
      const problems = await readProblems(page, behind);
      for (const words of [ahead, remedy]) assert.match(problems, words);
    });
    assert.equal((await server.stop()).code, 0);
  } finally {
    await tomorrow.close();
    await yesterday.close();
  }
});
