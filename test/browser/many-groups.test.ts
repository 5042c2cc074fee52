// Boards and lists with more groups than fit on a screen: one per person of a large team.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { after, before } from "../support/hooks.ts";
import { fillStore, inventedIssue, putIssues } from "../support/invented-issues.ts";
import type { Store } from "../../src/store/store.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

const team = Array.from({ length: 60 }, (_, index) => ({
  id: `m${index}`,
  login: `member${index}`,
  name: `Member ${index}`,
  avatarUrl: null,
}));
/** How many issues everybody has: more than come with the first window. */
const each = 25;

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({
    prepare: async (store) => {
      await fillStore(store, 5, Date.now());
      await addTeam(store);
    },
  });
});
after(() => stage.close());

async function addTeam(store: Store): Promise<void> {
  const [row] = await store.sources.list();
  assert.ok(row);
  const changes = team.flatMap(({ id }, member) =>
    Array.from({ length: each }, (_, index) =>
      inventedIssue(row, 1_000 + member * each + index, { assigneeIds: [id], parentId: null }),
    ),
  );
  await store.mirror.applyPage(row.id, {
    changes,
    removed: [],
    rejected: [],
    seen: { people: team },
    requestedAt: Date.now(),
    sync: {},
  });
}

/** Opens a page grouped by assignee, and counts how many windows of issues it reads. */
async function openGrouped(path: string, size?: { width: number; height: number }) {
  const { page } = await stage.newTab(size);
  let windows = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/api/issues" && /[?&]assignee=/.test(request.url())) windows += 1;
  });
  await page.goto(new URL(`${path}?group=assignee`, stage.harness.url).href);
  await page.locator(".card[data-ref], .row-link").first().waitFor();
  return { page, windows: () => windows };
}

const focusedIn = (page: Page, group: string | undefined) =>
  page.locator(`.column[data-group="${group}"] .card:focus`).waitFor();

test("a board of many groups reads and renders those near the screen, and the others when they come near", async () => {
  const { page, windows } = await openGrouped("/");
  const columns = page.locator(".board > .column");
  await columns.nth(60).waitFor({ state: "attached" });
  assert.ok(windows() < 20, `${windows()} windows were read at once`);
  assert.ok((await page.locator(".column[data-far]").count()) > 30);
  const last = columns.last();
  const name = (await last.getAttribute("data-group")) ?? "";
  await last.evaluate((column) => column.scrollIntoView());
  await page.locator(`.column[data-group="${name}"] .card[data-ref]`).first().waitFor();
  await page.locator('.column[data-group="member0"][data-far]').waitFor();
  assert.ok(windows() < 40, `${windows()} windows were read`);
  await page.close();
});

test("arrow keys lead into columns that are not loaded yet, and the focused column stays", async () => {
  const { page } = await openGrouped("/");
  const groups = await page
    .locator(".board > .column")
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset["group"] ?? ""));
  await page.locator(".card[data-ref]").first().focus();
  for (const group of groups.slice(1, 25)) {
    await page.keyboard.press("ArrowRight");
    await focusedIn(page, group);
  }
  await page.locator(".board").evaluate((board) => board.scrollTo({ left: 0 }));
  await page.locator(`.column[data-group="${groups[30]}"][data-far]`).waitFor();
  await focusedIn(page, groups[24]);
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector(".board")?.scrollLeft !== 0);
  await focusedIn(page, groups[24]);
  await page.close();
});

test("a change of an issue in a column that is not loaded counts there", async () => {
  const { page } = await openGrouped("/");
  const far = page.locator('.column[data-far][data-group^="member"]').last();
  const group = (await far.getAttribute("data-group")) ?? "";
  const count = page.locator(`.column[data-group="${group}"] .column-count`);
  const before = Number(await count.innerText());
  const [row] = await stage.harness.store.sources.list();
  assert.ok(row);
  const given = inventedIssue(row, 1_000 + Number(group.replace("member", "")) * each, { assigneeIds: [] });
  // Only once the page listens does it hear of changes.
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/api/watch")),
  );
  const changed = await putIssues(stage.harness.store, row, [given], Date.now());
  stage.harness.sync.emit({ type: "change", ...changed });
  await count.and(page.getByText(String(before - 1), { exact: true })).waitFor();
  await page.close();
});

test("on a phone, the tab of a column that is not loaded leads to its issues", async () => {
  const { page, windows } = await openGrouped("/", { width: 390, height: 844 });
  const tab = page.locator(".column-tab").nth(40);
  const group = (await tab.getAttribute("data-column-tab")) ?? "";
  await tab.click();
  await page.locator(`.column[data-group="${group}"] .card[data-ref]`).first().waitFor();
  await page.locator(`.column-tab[data-column-tab="${group}"][aria-current=true]`).waitFor();
  assert.ok(windows() < 40, `${windows()} windows were read`);
  await page.close();
});

test("a list of many groups reads those that are scrolled to", async () => {
  const { page, windows } = await openGrouped("/list");
  assert.ok(windows() < 20, `${windows()} windows were read at once`);
  await page.locator(".list-scroll").evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
  await page.locator(".row-link").last().waitFor();
  assert.ok(windows() < 40, `${windows()} windows were read`);
  await page.close();
});
