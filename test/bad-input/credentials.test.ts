import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { BoardShape, IssueListShape } from "../../src/server/contract/issue.ts";
import { readNotMirrored, readProblems, untilTrackerSays } from "../support/board.ts";
import { count, saysWithout, trackerOf, useBadTrackers } from "../support/bad-trackers.ts";
import {
  eventually,
  isSynced,
  makeHome,
  oneProject,
  sourceOf,
  startPan,
  toEnv,
  untilTrackers,
} from "../support/stage.ts";

const limit = { timeout: 100_000 };

const stage = useBadTrackers();

for (const { connection, label, key, message, remedy, other } of [
  {
    connection: "github",
    label: "GitHub",
    key: "GITHUB_TOKEN",
    message: /GitHub rejected the token: Bad credentials\./,
    remedy: /Create a new one, or run `?gh auth login`?, and set GITHUB_TOKEN\./,
    other: "linear",
  },
  {
    connection: "linear",
    label: "Linear",
    key: "LINEAR_API_KEY",
    message: /Linear rejected the API key: /,
    remedy: /Create a new one under Settings → Security & access in Linear and set LINEAR_API_KEY\./,
    other: "github",
  },
]) {
  test(`a wrong ${key}, from the start and after it worked`, limit, async () => {
    const { github, linear, checkBoard } = stage();
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
      await untilTrackerSays(page, label, /token rejected/);
      assert.match(await readProblems(page, message), remedy);
      await readNotMirrored(page, /The first sync has not finished: /);
    });

    // The right key is picked up without a restart; then it is revoked: mirrored issues stay.
    home.write("env", toEnv([github, linear]));
    await untilTrackers(server, (shape) => isSynced(shape), "both synced");
    const total = count(github, 0) + count(linear, 0);
    own.faults.add({ kind: "revoked", times: Number.POSITIVE_INFINITY });
    try {
      saysWithout(await home.here(["sync"]), 4, message);
      await checkBoard(server, total, async (page) => {
        await untilTrackerSays(page, label, /token rejected/);
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

test("a missing key that projects need", limit, async () => {
  const { github, linear, checkBoard } = stage();
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
  // Linear still syncs.
  linear.world.create(sourceOf(linear), { title: "Meanwhile in Linear" });
  saysWithout(await home.here(["sync"]), 4, words);
  assert.equal((await server.get<BoardShape>("/api/board")).total, count(linear, 0));
  await checkBoard(server, count(linear, 0), async (page) => {
    assert.match(await readProblems(page, words), /Add it to ~\/\.panopticon\.env/);
  });
  assert.equal((await server.stop()).code, 0);
});

test("an unset key named in config.yaml", limit, async () => {
  const { github, linear, checkBoard } = stage();
  await using home = makeHome({
    emulators: [github, linear],
    config: `connections:\n  work: { tracker: github, server: ${github.url}, token: $WORK_TOKEN }\n`,
    projects: `${oneProject(github, linear)}    connections: { github: work }\n`,
  });
  const place = /config\.yaml:2:\d+: \$WORK_TOKEN is not set in the environment or in \S+\.panopticon\.env/;
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
    assert.match(await readProblems(page, /^WORK_TOKEN is not set\./), /config\.yaml:2:\d+\n+\$WORK_TOKEN is not set/);
  });
  // Set it while the server runs: the board fills.
  const set = toEnv([github, linear], { WORK_TOKEN: github.credentials["GITHUB_TOKEN"] ?? null });
  home.write("env", set);
  await untilTrackers(server, (shape) => isSynced(shape), "both synced");

  // Unset it again: changes are accepted, say what they wait for, and are sent once it is back.
  home.write("env", toEnv([github, linear]));
  await untilTrackers(server, (shape) => trackerOf(shape, "work").error !== null, "the key is missing");
  const { issues } = await server.get<IssueListShape>("/api/issues?tracker=github&limit=1");
  const [shown] = issues;
  assert.ok(shown);
  const edited = await server.ask("PATCH", `/api/issues/${encodeURIComponent(shown.address)}`, { title: "Kept here" });
  const made = await server.ask("POST", "/api/issues", { source: shown.source, title: "Kept as well" });
  assert.deepEqual([edited.status, made.status], [200, 201]);
  const outbox = () => server.get<OutboxShape>("/api/outbox");
  const waits = async () =>
    (await outbox()).operations.map(({ kind, state, reason }) => [kind, state, reason].join(": "));
  const wanted = ["create: waiting: WORK_TOKEN is not set.", "edit: waiting: WORK_TOKEN is not set."];
  await eventually(
    async () => (isDeepStrictEqual((await waits()).toSorted(), wanted) ? true : undefined),
    "the changes say what they wait for",
    { describe: waits },
  );
  const listed = await home.here(["outbox"]);
  assert.match(listed.stdout, /WORK_TOKEN is not set\.?$/m, "no time is given, because waiting does not help");
  home.write("env", set);
  await eventually(async () => ((await outbox()).operations.length === 0 ? true : undefined), "the changes are sent");
  const titles = github.world.issues().map(({ title }) => title);
  assert.deepEqual(titles.filter((title) => title.startsWith("Kept")).toSorted(), ["Kept as well", "Kept here"]);
  assert.equal((await server.stop()).code, 0);
});

test("credentials without the required rights", limit, async () => {
  const { github, linear, checkBoard } = stage();
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
    /The token lacks the scope `?repo`?, so private repositories are not visible and issues cannot be changed\. Give the token the scope/;
  const repository = /The repository harborline\/portal does not exist, or the token has no access to it\./;
  const team = /The team OPS does not exist, or the API key has no access to it\./;
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
