import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { BoardShape } from "../../src/server/contract/issue.ts";
import type { TestBrowser } from "../browser/open-browser.ts";
import { assertQuiet, goToBoard, openBrowser, readProblems, untilTotal } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { isSynced, makeHome, oneProject, sourceOf, startPan, untilTrackers } from "../support/stage.ts";

let github: Emulator;
let linear: Emulator;
let browser: TestBrowser;

before(async () => {
  github = await startEmulator("github", { issues: 20, seed: 21 });
  linear = await startEmulator("linear", { issues: 20, seed: 21 });
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
  await github.close();
  await linear.close();
});

const card = (page: Page, status: string, title: string) =>
  page.locator(`[data-status=${status}] .card`, { hasText: title });

test("open boards follow the trackers, pan sync and projects.yaml without a reload", { timeout: 90_000 }, async () => {
  const good = oneProject(github, linear);
  await using home = makeHome({ emulators: [github, linear], projects: good });
  const server = await startPan(home);
  await untilTrackers(server, (shape) => isSynced(shape), "synced");
  let total = (await server.get<BoardShape>("/api/board")).total;

  const tabs = [await browser.open(), await browser.open()];
  const pages = tabs.map(({ page }) => page);
  const [first] = pages;
  assert.ok(first);
  for (const page of pages) {
    await goToBoard(page, server);
    await untilTotal(page, total);
    await page.evaluate(() => Reflect.set(window, "neverReloaded", true));
  }
  const inAll = async (look: (page: Page) => Promise<void>) => {
    for (const page of pages) await look(page);
  };

  // Automatically, at the next poll.
  github.world.create(sourceOf(github), { title: "Came by itself from GitHub" });
  linear.world.create(sourceOf(linear), { title: "Came by itself from Linear" });
  total += 2;
  await inAll(async (page) => {
    await card(page, "backlog", "Came by itself from GitHub").waitFor({ timeout: 40_000 });
    await card(page, "backlog", "Came by itself from Linear").waitFor({ timeout: 40_000 });
    await untilTotal(page, total);
  });

  // Immediately, by a command.
  const created = github.world.create(sourceOf(github), { title: "Fetched by a command" });
  total += 1;
  assert.equal((await home.pan("sync", "github")).code, 0);
  await inAll((page) => card(page, "backlog", "Fetched by a command").waitFor());
  github.world.edit(created.nativeId, { state: "closed", title: "Fetched and finished" });
  assert.equal((await home.pan("sync")).code, 0);
  await inAll((page) => card(page, "done", "Fetched and finished").waitFor());
  github.world.delete(created.nativeId);
  total -= 1;
  assert.match((await home.pan("sync", "--sweep")).stdout, / 1 removed/);
  await inAll(async (page) => {
    await page.locator(".card", { hasText: "Fetched and finished" }).waitFor({ state: "detached" });
    await untilTotal(page, total);
  });

  // By editing projects.yaml: another project, a mistake, and its fix.
  const more = `${good}  two:\n    history: all\n    github_repo: ${sourceOf(github, 1)}\n`;
  home.write("projects", more);
  total += github.world.issues(sourceOf(github, 1)).length;
  await inAll((page) => untilTotal(page, total));
  home.write("projects", more.replace("history", "histroy"));
  for (const page of pages) {
    const words = await readProblems(page, /unknown key "histroy"; did you mean "history"\?/);
    assert.match(words, /projects\.yaml:3:5/);
    assert.match(words, /the previous settings stay in force/);
    await untilTotal(page, total);
  }
  linear.world.create(sourceOf(linear), { title: "Goes on meanwhile" });
  total += 1;
  assert.equal((await home.pan("sync", "linear")).code, 0);
  await inAll((page) => card(page, "backlog", "Goes on meanwhile").waitFor());
  home.write("projects", good);
  total -= github.world.issues(sourceOf(github, 1)).length;
  await inAll(async (page) => {
    await untilTotal(page, total);
    await page
      .locator(".bar")
      .getByRole("button", { name: /problem/ })
      .waitFor({ state: "detached" });
  });
  home.write("projects", "");
  await first.getByText("Choose what to mirror").waitFor();
  home.write("projects", good);
  await inAll((page) => untilTotal(page, total));

  for (const { page, complaints } of tabs) {
    assert.equal(await page.evaluate(() => Reflect.get(window, "neverReloaded")), true);
    assertQuiet(complaints);
    await page.close();
  }
  assert.equal((await server.stop()).code, 0);
});
