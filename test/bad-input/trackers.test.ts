import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { Finished } from "../../src/cli/fixture.ts";
import type { BoardShape } from "../../src/server/contract/issue.ts";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";
import type { TestBrowser } from "../browser/open-browser.ts";
import {
  assertQuiet,
  goToBoard,
  openBrowser,
  readNotMirrored,
  readProblems,
  untilTotal,
  untilTrackerSays,
} from "../support/board.ts";
import {
  isSynced,
  makeHome,
  oneProject,
  type PanServer,
  sourceOf,
  startPan,
  toEnv,
  untilTrackers,
} from "../support/stage.ts";

const limit = { timeout: 100_000 };

/** Nothing is polled in between, so that what a command found can be counted. */
const onDemandOnly = "sync:\n  minInterval: 1h\n";

let github: Emulator;
let linear: Emulator;
let browser: TestBrowser;

before(async () => {
  github = await startEmulator("github", { issues: 20, seed: 3 });
  linear = await startEmulator("linear", { issues: 20, seed: 3 });
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
  await github.close();
  await linear.close();
});

const trackerOf = ({ trackers }: TrackersShape, connection: string) => {
  const tracker = trackers.find((one) => one.connection === connection);
  assert.ok(tracker, connection);
  return tracker;
};

const count = (emulator: Emulator, ...indexes: number[]) =>
  indexes.reduce((sum, index) => sum + emulator.world.issues(sourceOf(emulator, index)).length, 0);

function saysWithout(result: Finished, code: number, words: RegExp, secret?: string): void {
  const all = `${result.stdout}${result.stderr}`;
  assert.equal(result.code, code, all);
  assert.match(all, words);
  assert.doesNotMatch(all, /\n\s+at |went wrong inside/);
  if (secret !== undefined) assert.ok(!all.includes(secret), "the secret is printed");
}

/** What every bad input must be on the board: the message, and the issues that were mirrored. */
async function checkBoard(
  server: PanServer,
  total: number,
  look: (page: Parameters<typeof goToBoard>[0]) => Promise<void>,
): Promise<void> {
  const { page, complaints } = await browser.open();
  await goToBoard(page, server);
  await look(page);
  await untilTotal(page, total);
  assertQuiet(complaints);
  await page.close();
}

for (const { connection, label, key, message, remedy, other } of [
  {
    connection: "github",
    label: "GitHub",
    key: "GITHUB_TOKEN",
    message: /GitHub refuses the token: Bad credentials\./,
    remedy: /Make a new one, or run `?gh auth login`?, and set GITHUB_TOKEN\./,
    other: "linear",
  },
  {
    connection: "linear",
    label: "Linear",
    key: "LINEAR_API_KEY",
    message: /Linear refuses the API key: /,
    remedy: /Make a new one under Settings → Security & access in Linear and set LINEAR_API_KEY\./,
    other: "github",
  },
]) {
  test(`a wrong ${key}, from the start and after it worked`, limit, async () => {
    const wrong = `wrong_${"s".repeat(30)}`;
    await using home = makeHome({
      emulators: [github, linear],
      env: { [key]: wrong },
      projects: oneProject(github, linear),
    });
    const [own, rest] = connection === "github" ? [github, linear] : [linear, github];

    const server = await startPan(home);
    const told = await untilTrackers(
      server,
      (shape) => trackerOf(shape, connection).health === "auth" && isSynced(shape, other),
      "the refusal",
    );
    const { error } = trackerOf(told, connection);
    assert.match(error?.message ?? "", message);
    assert.match(error?.hint ?? "", remedy);
    const board = await server.get<BoardShape>("/api/board");
    assert.equal(board.total, count(rest, 0));
    assert.match(board.notMirrored.map(({ reason }) => reason).join("\n"), message);
    saysWithout(await home.here(["status"]), 0, message, wrong);
    saysWithout(await home.here(["status"]), 0, remedy);
    saysWithout(await home.here(["sync"]), 4, message, wrong);
    saysWithout(await home.here(["trackers", "test", connection]), 4, message, wrong);
    saysWithout(await home.here(["doctor"]), 1, message, wrong);
    await checkBoard(server, count(rest, 0), async (page) => {
      await untilTrackerSays(page, label, /access refused/);
      assert.match(await readProblems(page, message), remedy);
      await readNotMirrored(page, /The first sync has not finished: /);
    });

    // The right key is taken without a restart; then it is revoked: what is mirrored stays.
    home.write("env", toEnv([github, linear]));
    await untilTrackers(server, (shape) => isSynced(shape), "both synced");
    const total = count(github, 0) + count(linear, 0);
    own.faults.add({ kind: "revoked", times: Number.POSITIVE_INFINITY });
    try {
      saysWithout(await home.here(["sync"]), 4, message);
      await checkBoard(server, total, async (page) => {
        await untilTrackerSays(page, label, /access refused/);
        assert.match(await readProblems(page, message), remedy);
      });
    } finally {
      own.faults.clear();
    }
    saysWithout(await home.here(["sync"]), 0, /issues changed/);
    const ended = await server.stop();
    assert.equal(ended.code, 0);
    assert.ok(!`${ended.stdout}${ended.stderr}`.includes(wrong));
    saysWithout(await home.here(["sync", "--json"]), 0, /"failures": \[\]/);
  });
}

test("a key that is missing although projects use it", limit, async () => {
  await using home = makeHome({
    emulators: [github, linear],
    env: { GITHUB_TOKEN: null, GITHUB_API_URL: null },
    projects: oneProject(github, linear),
  });
  const words = /GITHUB_TOKEN is not set\./;
  const down = await home.here(["sync"]);
  saysWithout(down, 4, words);
  saysWithout(down, 4, /Add it to ~\/\.panopticon\.env/);
  saysWithout(await home.here(["trackers", "test", "github"]), 4, words);
  saysWithout(await home.here(["status"]), 0, words);
  const server = await startPan(home);
  const told = await untilTrackers(server, (shape) => isSynced(shape, "linear"), "Linear synced");
  assert.equal(trackerOf(told, "github").health, "misconfigured");
  assert.match(trackerOf(told, "github").error?.hint ?? "", /scope `repo`/);
  // Linear is synced all the same.
  linear.world.create(sourceOf(linear), { title: "Meanwhile in Linear" });
  saysWithout(await home.here(["sync"]), 4, words);
  assert.equal((await server.get<BoardShape>("/api/board")).total, count(linear, 0));
  await checkBoard(server, count(linear, 0), async (page) => {
    assert.match(await readProblems(page, words), /Add it to ~\/\.panopticon\.env/);
  });
  assert.equal((await server.stop()).code, 0);
});

test("a key that config.yaml names and nobody sets", limit, async () => {
  await using home = makeHome({
    emulators: [github, linear],
    config: `connections:\n  work: { tracker: github, server: ${github.url}, token: $WORK_TOKEN }\n`,
    projects: `${oneProject(github, linear)}    connections: { github: work }\n`,
  });
  const place = /config\.yaml:2:\d+: \$WORK_TOKEN is set neither in the environment nor in \S+\.panopticon\.env/;
  const synced = await home.here(["sync"]);
  for (const words of [place, /WORK_TOKEN is not set\./, /Add it to ~\/\.panopticon\.env/])
    saysWithout(synced, 4, words);
  const server = await startPan(home);
  const told = await untilTrackers(server, (shape) => isSynced(shape, "linear"), "Linear synced");
  assert.equal(trackerOf(told, "work").error?.message, "WORK_TOKEN is not set.");
  assert.deepEqual(
    trackerOf(told, "work").credentials.flatMap(({ secret, env }) => (secret ? env : [])),
    ["WORK_TOKEN"],
  );
  await checkBoard(server, count(linear, 0), async (page) => {
    await untilTrackerSays(page, "GitHub · work", /WORK_TOKEN is not set/);
    assert.match(
      await readProblems(page, /^WORK_TOKEN is not set\./),
      /config\.yaml:2:\d+\n+\$WORK_TOKEN is set neither/,
    );
  });
  // Set while it runs: the board fills.
  home.write("env", toEnv([github, linear], { WORK_TOKEN: github.credentials["GITHUB_TOKEN"] ?? null }));
  await untilTrackers(server, (shape) => isSynced(shape), "both synced");
  assert.equal((await server.stop()).code, 0);
});

test("credentials without the rights that are needed", limit, async () => {
  await using home = makeHome({
    emulators: [github, linear],
    env: { ...github.weakCredentials.values, ...linear.weakCredentials.values },
    projects: `projects:
  one:
    history: all
    github_repo: [${sourceOf(github, 0)}, ${sourceOf(github, 1)}]
    linear_team: [${sourceOf(linear, 0)}, ${sourceOf(linear, 1)}]
`,
  });
  const lacks =
    /The token has no scope `?repo`?: private repositories stay invisible, and issues cannot be changed\. Give the token the scope/;
  const repository = /The repository harborline\/portal does not exist, or the token may not see it\./;
  const team = /The team OPS does not exist, or the API key may not see it\./;
  const server = await startPan(home);
  const total = count(github, 1) + count(linear, 0);
  const told = await untilTrackers(
    server,
    ({ trackers }) =>
      trackers.every(({ sources }) => sources.every(({ error, lastSyncAt }) => error !== null || lastSyncAt !== null)),
    "all sources asked",
  );
  assert.match(
    trackerOf(told, "github")
      .warnings.map(({ message }) => message)
      .join(),
    lacks,
  );
  assert.match(trackerOf(told, "github").error?.message ?? "", repository);
  assert.match(trackerOf(told, "linear").error?.message ?? "", team);
  assert.equal((await server.get<BoardShape>("/api/board")).total, total);
  for (const words of [
    lacks,
    repository,
    team,
    /Check linear_team in projects\.yaml/,
    /Check the spelling of github_repo/,
  ])
    saysWithout(await home.here(["trackers"]), 0, words);
  saysWithout(await home.here(["trackers", "test", "github"]), 0, lacks);
  saysWithout(await home.here(["doctor"]), 0, lacks);
  const validated = await server.ask("POST", "/api/github/validate", {
    token: github.weakCredentials.values["GITHUB_TOKEN"],
    server: github.url,
  });
  assert.equal(validated.status, 200);
  assert.match((validated.body as { message: string }).message, lacks);
  await checkBoard(server, total, async (page) => {
    const problems = await readProblems(page, lacks);
    for (const words of [repository, team, /Check linear_team/]) assert.match(problems, words);
  });
  assert.equal((await server.stop()).code, 0);
});

test("an unknown repository and an unknown team", limit, async () => {
  await using home = makeHome({
    emulators: [github, linear],
    projects: `projects:
  one:
    history: all
    github_repo: [${sourceOf(github)}, harborline/nothing]
    linear_team: [${sourceOf(linear)}, NOPE]
`,
  });
  const repository = /The repository harborline\/nothing does not exist, or the token may not see it\./;
  const team = /The team NOPE does not exist, or the API key may not see it\./;
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

test("a record that lacks a field is put aside, and read once it is whole", limit, async () => {
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
    saysWithout(await home.here(["status"]), 0, /read again after the next change there/);
    await checkBoard(server, total - 2, async (page) => {
      assert.match(await readProblems(page, /1 record could not be read/), /kept as the tracker sent them/);
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
  const dayMs = 86_400_000;
  // This machine can be wrong in one direction only; its trackers stand for both.
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
    const remedy = /Set it by the network \(`?timedatectl set-ntp true`?\)/;
    const server = await startPan(home);
    const told = await untilTrackers(server, (shape) => isSynced(shape), "both synced");
    assert.match(trackerOf(told, "github").warnings[0]?.message ?? "", behind);
    assert.match(trackerOf(told, "linear").warnings[0]?.message ?? "", ahead);
    for (const command of ["status", "doctor"]) {
      const said = await home.here([command]);
      for (const words of [behind, ahead, remedy]) saysWithout(said, 0, words);
    }
    // Nothing is missed: cursors are the trackers' time.
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
