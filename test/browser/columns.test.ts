// The column menu and the display options.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import { after, before } from "../support/hooks.ts";
import { findViolations } from "./find-violations.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

let stage: DashboardStage;

before(async () => {
  // More issues per column than the board's first response contains.
  stage = await openDashboardStage({ issues: 150 });
});
after(() => stage.close());

async function choose(page: Page, column: string, entry: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: `Column menu of ${column}` }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

test("a column's menu selects all of its issues, loaded or not", async () => {
  const { page } = await stage.openBoard();
  const column = page.locator(".column[data-status=in_progress]");
  const total = Number(await column.locator(".column-count").innerText());
  assert.ok(total > 20, `${total} issues are no more than come with the board`);
  await choose(page, "In Progress", `Select all ${total}`);
  await page.getByRole("toolbar", { name: `${total} selected` }).waitFor();
  await page.close();
});

test("a column's menu filters to the column, replacing other conditions on the same key", async () => {
  const { page } = await stage.openBoard("/?status=done,in_review&priority=high");
  await choose(page, "In Review", "Filter to In Review");
  await page.waitForURL((url) => url.search === "?priority=high&status=in_review");
  await page.getByRole("button", { name: "Column menu of In Review" }).click();
  await page.getByRole("menuitem", { name: "Collapse In Review" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: /^Filter/ }).count(), 0);
  await page.close();
});

test("every column can be collapsed and expanded, by key too, and stays that way", async () => {
  const { page } = await stage.openBoard();
  await choose(page, "Done", "Collapse Done");
  const strip = page.getByRole("button", { name: /^Done/ });
  await page.waitForFunction(() => document.activeElement?.matches(".column-shut"));
  await page.reload();
  await strip.waitFor();
  assert.equal(await page.locator(".column[data-status=done]").count(), 0);
  await strip.focus();
  await page.keyboard.press("Enter");
  await page.locator(".column[data-status=done] .card[data-ref]").first().waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Column menu of Done");
  await page.close();
});

test("display options set the parts and height of cards, and are kept", async () => {
  // Filter to issues with an estimate, some of which have a due date.
  const path = "/?priority=high";
  const { page } = await stage.openBoard(path);
  const card = page.locator(".card[data-ref]", { has: page.locator(".chip:not([data-native])") }).first();
  const same = page.locator(`.card[data-key="${await card.getAttribute("data-key")}"]`);
  const usual = await same.boundingBox();
  await page.getByRole("button", { name: "Display options" }).click();
  await page.getByRole("checkbox", { name: "Due date" }).check();
  await page.getByRole("checkbox", { name: "Estimate" }).check();
  await page.locator(".card-signals", { hasText: "3 points" }).first().waitFor();
  await page.locator(".card-signals", { hasText: "1 Dec" }).first().waitFor();
  await page.getByRole("checkbox", { name: "Labels" }).uncheck();
  await page.getByRole("checkbox", { name: "Compact cards" }).check();
  assert.deepEqual(await findViolations(page), []);

  await page.reload();
  await same.waitFor();
  assert.equal(await page.locator(".card .chip:not([data-native])").count(), 0);
  assert.ok((await page.locator(".card-signals", { hasText: "3 points" }).count()) > 0);
  const compact = await same.boundingBox();
  assert.ok(usual !== null && compact !== null && compact.height < usual.height, JSON.stringify([usual, compact]));
  assert.equal(new URL(page.url()).search, "?priority=high", "the address and saved views know nothing of it");

  await page.getByRole("button", { name: "Display options" }).click();
  await page.getByRole("button", { name: "Reset cards" }).click();
  await page.locator(".card .chip:not([data-native])").first().waitFor();
  assert.equal(await page.locator(".card-signals", { hasText: "3 points" }).count(), 0);
  await page.close();
});

test("display options collapse empty columns and expand all", async () => {
  const { page } = await stage.openBoard("/?status=done,in_review");
  await page.getByRole("button", { name: "Display options" }).click();
  await page.getByRole("button", { name: "Collapse empty columns" }).click();
  await page.locator(".column-shut").nth(3).waitFor();
  assert.deepEqual(
    await page.locator(".column").evaluateAll((columns) => columns.map((one) => one.getAttribute("data-status"))),
    ["in_review", "done"],
  );
  await page.getByRole("button", { name: "Show all columns" }).click();
  await page.locator(".column-shut").first().waitFor({ state: "detached" });
  assert.equal(await page.locator(".column").count(), 6);
  await page.close();
});

test("in the list, stepping past a group's last loaded issue waits for the next one", async () => {
  const { page } = await stage.openBoard("/list?status=in_progress,done");
  const released = Promise.withResolvers<void>();
  const more = /\/api\/issues\?.*cursor=/;
  await page.route(more, async (route) => {
    await released.promise;
    await route.continue();
  });
  const asked = page.waitForRequest(more);
  await page.reload();
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset["ref"]);
  const isFocused = (ref: string) =>
    page.waitForFunction((wanted) => (document.activeElement as HTMLElement).dataset["ref"] === wanted, ref);
  // As many as the board's first response contains, and one more.
  const listed = await stage.harness.ask("/api/issues?status=in_progress&sort=priority&limit=21");
  const { issues } = listed.json() as IssueListShape;
  const refs = issues.map(({ ref }) => ref);
  await page.locator(".row-link[data-ref]").first().focus();
  for (const ref of refs.slice(1, 20)) {
    await page.keyboard.press("ArrowDown");
    await isFocused(ref);
  }
  await asked;
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), refs[19]);
  released.resolve();
  await isFocused(refs[20] ?? "");
  await page.close();
});
