import assert from "node:assert/strict";
import { test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { BoardShape, IssueDetailShape } from "../../src/server/contract/issue.ts";
import type { TestBrowser } from "../browser/open-browser.ts";
import {
  assertQuiet,
  goToBoard,
  openBrowser,
  readNotMirrored,
  untilTotal,
  untilTrackerSays,
} from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, isSynced, makeHome, oneProject, sourceOf, startPan, untilTrackers } from "../support/stage.ts";

const limit = { timeout: 100_000 };
const dayMs = 86_400_000;

let github: Emulator;
let enterprise: Emulator;
let linear: Emulator;
let browser: TestBrowser;

before(async () => {
  github = await startEmulator("github", { issues: 30, seed: 11 });
  enterprise = await startEmulator("github", { issues: 24, seed: 12 });
  linear = await startEmulator("linear", { issues: 30, seed: 11 });
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
  for (const emulator of [github, enterprise, linear]) await emulator.close();
});

test("two GitHub accounts and an Enterprise server work side by side", limit, async () => {
  // The same repository name on both servers, seen by three accounts.
  const [portal, other] = [sourceOf(github, 0), sourceOf(github, 1)];
  const enterprisePortal = sourceOf(enterprise, 0);
  assert.equal(enterprisePortal, portal);
  await using home = makeHome({
    emulators: [github],
    env: {
      WORK_GITHUB_TOKEN: enterprise.credentials["GITHUB_TOKEN"] ?? null,
      SECOND_GITHUB_TOKEN: github.otherCredentials["GITHUB_TOKEN"] ?? null,
    },
    config: `connections:
  work:
    tracker: github
    server: ${enterprise.url}/api/v3
    token: $WORK_GITHUB_TOKEN
  second:
    tracker: github
    server: ${github.url}
    token: $SECOND_GITHUB_TOKEN
`,
    projects: `projects:
  home:
    history: all
    github_repo: ${portal}
  office:
    history: all
    github_repo: ${enterprisePortal}
    connections: { github: work }
  side:
    history: all
    github_repo: ${other}
    connections: { github: second }
`,
  });
  const server = await startPan(home);
  const shape = await untilTrackers(server, (told) => isSynced(told), "all three synced");
  const of = (connection: string) => shape.trackers.find((tracker) => tracker.connection === connection);
  const here = github.world.issues(portal);
  const there = enterprise.world.issues(enterprisePortal);
  const aside = github.world.issues(other);
  const total = here.length + there.length + aside.length;
  assert.deepEqual(
    ["github", "work", "second"].map((id) => of(id)?.sources.map(({ issues }) => issues)),
    [[here.length], [there.length], [aside.length]],
  );
  assert.equal(of("work")?.server, `${enterprise.url}/api/v3`);
  const logins = ["github", "work", "second"].map((id) => of(id)?.account?.login ?? "");
  assert.notEqual(logins[0], logins[2]);

  // Each token went to its own server only.
  const tokens = (emulator: Emulator) =>
    new Set(emulator.requests.list().map(({ headers }) => headers["authorization"]?.replace(/^Bearer /, "")));
  assert.deepEqual(tokens(enterprise), new Set([enterprise.credentials["GITHUB_TOKEN"]]));
  assert.ok(tokens(github).has(github.otherCredentials["GITHUB_TOKEN"]));

  // "me" differs per connection.
  const mine = [here, there, aside].reduce(
    (sum, issues, index) => sum + issues.filter(({ assignees }) => assignees.includes(logins[index] ?? "")).length,
    0,
  );
  assert.equal((await server.get<BoardShape>("/api/board?assignee=me")).total, mine);
  assert.equal((await server.get<BoardShape>("/api/board?project=office")).total, there.length);
  assert.equal((await server.get<BoardShape>("/api/board?tracker=github")).total, total);

  // A ref on two servers is ambiguous: never guessed.
  const shared = here.find(({ key }) => there.some((one) => one.key === key));
  assert.ok(shared);
  const ambiguous = await home.pan("show", `${portal.split("/")[1]}${shared.key}`);
  assert.equal(ambiguous.code, 5, ambiguous.stderr);
  const [first = ""] = ambiguous.stderr.match(/http:\S+/g) ?? [];
  const shown = JSON.parse((await home.pan("show", first, "--json")).stdout) as IssueDetailShape;
  assert.equal(shown.url, first);

  // Syncing the tracker syncs each connection once, and counts a change once.
  enterprise.world.create(enterprisePortal, { title: "Only at the office" });
  const synced = await home.pan("sync", "--json");
  assert.equal((JSON.parse(synced.stdout) as { changed: number }).changed, 1, synced.stdout);
  github.world.create(other, { title: "Only aside" });
  assert.match((await home.pan("sync", "second")).stdout, /^1 issue changed/);
  assert.equal((await home.pan("trackers", "test", "work")).code, 0);

  const { page, complaints } = await browser.open();
  await goToBoard(page, server);
  await untilTotal(page, total + 2);
  for (const label of ["GitHub", "GitHub · work", "GitHub · second"]) await untilTrackerSays(page, label, /^synced /);
  assertQuiet(complaints);
  await page.close();

  // One connection's failure does not affect the others.
  enterprise.faults.add({ kind: "revoked", times: Number.POSITIVE_INFINITY });
  github.world.create(portal, { title: "While the office is away" });
  const partly = await home.pan("sync");
  assert.equal(partly.code, 4, partly.stderr);
  assert.match(partly.stderr, /work\/github:harborline\/portal: GitHub rejected the token/);
  assert.match(partly.stdout, /^1 issue changed/);
  enterprise.faults.clear();
  assert.equal((await server.stop()).code, 0);
});

test("issues outside the history window are counted where possible, and reported", limit, async () => {
  await using home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear, "90d") });
  const old = (emulator: Emulator) =>
    emulator.world
      .issues(sourceOf(emulator))
      .filter(({ closed, updatedAt }) => closed && updatedAt < Date.now() - 90 * dayMs);
  for (const emulator of [github, linear]) {
    const [closed] = emulator.world.issues(sourceOf(emulator)).filter((issue) => issue.closed);
    assert.ok(closed);
    emulator.world.edit(closed.nativeId, { updatedAt: Date.now() - 200 * dayMs });
  }
  const left = old(github).length;
  const total =
    github.world.issues(sourceOf(github)).length +
    linear.world.issues(sourceOf(linear)).length -
    left -
    old(linear).length;
  assert.ok(left > 0 && old(linear).length > 0);
  const reason = "closed and not updated in the last 90 days (history in projects.yaml)";

  const server = await startPan(home);
  await untilTrackers(server, (shape) => isSynced(shape), "synced");
  // Counting follows the issues.
  const board = await eventually(async () => {
    const shown = await server.get<BoardShape>("/api/board");
    return shown.notMirrored.length === 2 ? shown : undefined;
  }, "both notes");
  assert.equal(board.total, total);
  assert.deepEqual(
    board.notMirrored.map(({ count, reason: why }) => [count, why]),
    [
      [left, reason],
      [null, reason],
    ],
  );
  const status = `Not mirrored, github:${sourceOf(github)} (${left}): ${reason}\nNot mirrored, linear:${sourceOf(linear)} (${linear.sources[0]?.name}) (unknown number): ${reason}\n`;
  assert.ok((await home.pan("status")).stdout.includes(status), (await home.pan("status")).stdout);
  const { page, complaints } = await browser.open();
  await goToBoard(page, server);
  await untilTotal(page, total);
  const words = await readNotMirrored(page, new RegExp(`At least ${left} issues? (is|are) not mirrored: closed`));
  assert.match(words, new RegExp(`github:\\S+ closed [^\\n]+\\n${left}\\n`));
  assert.match(words, /linear:\S+ closed [^\n]+\nnot countable\n/);
  assert.match(words, /Mirror all its issues/);
  assertQuiet(complaints);

  // A reopened issue appears by itself; with `history: all`, the rest does.
  const [again] = old(github);
  assert.ok(again);
  github.world.edit(again.nativeId, { state: "open" });
  assert.match((await home.pan("sync", "github")).stdout, /^1 issue changed/);
  await untilTotal(page, total + 1);
  home.write("projects", oneProject(github, linear, "all"));
  await untilTotal(page, github.world.issues(sourceOf(github)).length + linear.world.issues(sourceOf(linear)).length);
  await page
    .locator(".bar")
    .getByRole("button", { name: /not mirrored/ })
    .waitFor({ state: "detached" });
  await page.close();
  assert.equal((await server.stop()).code, 0);
  assert.doesNotMatch((await home.pan("status")).stdout, /Not mirrored/);
});
