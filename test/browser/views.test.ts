import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { BoardShape } from "../../src/server/contract/issue.ts";
import type { ViewsShape } from "../../src/server/contract/project.ts";
import { signIn } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";
import { findViolations } from "./find-violations.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

let stage: DashboardStage;
/** Another browser: it shares neither tabs nor their event stream. */
let elsewhere: TestBrowser;

before(async () => {
  stage = await openDashboardStage({ issues: 60 });
  elsewhere = await openBrowser();
});

after(async () => {
  await elsewhere.close();
  await stage.close();
});

async function openElsewhere(): Promise<Page> {
  const { page } = await elsewhere.open();
  await signIn(page, stage.harness.server.openAddress());
  await page.goto(stage.harness.url);
  await page.locator(".view-row").first().waitFor();
  return page;
}

/** Leaves exactly these views. */
async function haveViews(views: readonly { name: string; query: string }[]): Promise<void> {
  for (const { id } of await stage.harness.store.views.list()) await stage.harness.store.views.remove(id);
  for (const view of views) await stage.harness.store.views.create(view);
}

async function askTotal(query: string): Promise<number> {
  return (JSON.parse((await stage.harness.ask(`/api/board?${query}`)).text) as BoardShape).total;
}

async function askViews(): Promise<ViewsShape["views"]> {
  return (JSON.parse((await stage.harness.ask("/api/views")).text) as ViewsShape).views;
}

const rowOf = (page: Page, name: string): Locator =>
  page.locator(".view-row", { has: page.locator(`a[title="${name}"]`) });

/** The names of saved views, in the sidebar's order. */
const savedNames = (page: Page) => page.locator(".view-row:has(.icon-button) .truncate").allInnerTexts();

/** Waits until the sidebar lists these saved views, in this order. */
async function untilListed(page: Page, names: readonly string[]): Promise<void> {
  await page.waitForFunction(
    (expected) =>
      [...document.querySelectorAll(".view-row:has(.icon-button) .truncate")]
        .map((element) => element.textContent)
        .join("\n") === expected,
    names.join("\n"),
  );
}

async function choose(page: Page, view: string, entry: string): Promise<void> {
  await rowOf(page, view).hover();
  await page.getByRole("button", { name: `Menu of view ${view}` }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

const undo = (page: Page, text: string) =>
  page.locator(".toast", { hasText: text }).getByRole("button", { name: /^Undo/ }).click();

test("a view is saved with its name and count, whatever its grouping, and can be deleted and brought back to its place", async () => {
  await haveViews([{ name: "Urgent", query: "priority=urgent" }]);
  const { page } = await stage.openBoard("/?label=bug&group=assignee");
  await page.getByRole("button", { name: "Add to views" }).click();
  const field = page.getByRole("textbox", { name: "Name" });
  await field.fill("urgent");
  await field.press("Enter");
  await page.getByRole("alert").getByText("There is already a view named “Urgent”.").waitFor();
  await field.fill("Bugs");
  await page.getByRole("button", { name: "Save view" }).click();
  const total = String(await askTotal("label=bug"));
  await rowOf(page, "Bugs").getByText(total, { exact: true }).waitFor();
  assert.match(await page.locator(".bar-title").innerText(), /Bugs/);
  await choose(page, "Urgent", "Delete view");
  await untilListed(page, ["Bugs"]);
  await undo(page, "View “Urgent” deleted");
  await untilListed(page, ["Urgent", "Bugs"]);
  await page.close();
});

test("a view is renamed, here and in another browser, and the name that was there can be brought back", async () => {
  await haveViews([
    { name: "Bugs", query: "label=bug" },
    { name: "Other", query: "priority=high" },
  ]);
  const { page } = await stage.openBoard("/?label=bug");
  const other = await openElsewhere();
  await choose(page, "Bugs", "Rename view…");
  const field = page.getByRole("textbox", { name: "Name" });
  assert.equal(await field.inputValue(), "Bugs");
  await field.fill("   ");
  assert.ok(await page.getByRole("button", { name: "Rename view" }).isDisabled());
  await field.fill("other");
  await field.press("Enter");
  await page.getByRole("alert").getByText("There is already a view named “Other”.").waitFor();
  assert.deepEqual(await findViolations(page), []);
  await field.fill("x".repeat(100));
  assert.equal((await field.inputValue()).length, 80);
  const markup = "<b>Bugs</b> & <script>";
  await field.fill(` ${markup} `);
  await field.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await untilListed(page, [markup, "Other"]);
  await untilListed(other, [markup, "Other"]);
  assert.equal(await page.locator(".bar-title").innerText(), markup);
  await undo(page, `View renamed to “${markup}”`);
  await untilListed(other, ["Bugs", "Other"]);
  await page.close();
  await other.close();
});

test("a view is updated to what the board shows, from its row or from the board's title, and back", async () => {
  await haveViews([{ name: "Bugs", query: "label=bug" }]);
  const { page } = await stage.openBoard("/?label=bug");
  const other = await openElsewhere();
  const queries = async () => (await askViews()).map(({ query }) => query);
  await rowOf(page, "Bugs").hover();
  await page.getByRole("button", { name: "Menu of view Bugs" }).click();
  await page.getByRole("menuitem", { name: "Rename view…" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "Update to current filter" }).count(), 0, "nothing to update");
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });

  await page.keyboard.press("f");
  await page.keyboard.type("priority:high");
  await page.keyboard.press("Enter");
  await page.waitForURL(/priority=high/);
  await page.getByRole("button", { name: "Views: Filtered work" }).click();
  await page.getByRole("menuitem", { name: "Update view “Bugs”" }).click();
  await page.getByRole("button", { name: "Views: Bugs" }).waitFor();
  const total = String(await askTotal("label=bug&priority=high"));
  await rowOf(other, "Bugs").getByText(total, { exact: true }).waitFor();
  assert.deepEqual(await queries(), ["label=bug&priority=high"]);
  await undo(page, "View “Bugs” updated");
  await rowOf(other, "Bugs")
    .getByText(String(await askTotal("label=bug")), { exact: true })
    .waitFor();
  assert.deepEqual(await queries(), ["label=bug"]);

  await choose(page, "Bugs", "Update to current filter");
  await page.getByRole("button", { name: "Views: Bugs" }).waitFor();
  await rowOf(other, "Bugs").getByText(total, { exact: true }).waitFor();
  await page.close();
  await other.close();
});

test("the command palette opens built-in and saved views, saves what is shown, and renames and deletes the view that is", async () => {
  await haveViews([{ name: "Urgent work", query: "priority=urgent" }]);
  const { page } = await stage.openBoard("/list");
  const field = page.getByRole("combobox", { name: "Search or run a command" });
  const run = async (typed: string, label: string) => {
    await page.keyboard.press("Control+k");
    await field.fill(typed);
    await page.getByRole("option", { name: label }).click();
    await field.waitFor({ state: "detached" });
  };
  for (const [typed, label, address] of [
    ["my issues", "My work view", "/list?assignee=me"],
    ["blocked", "Blocked view", "/list?blocked=yes"],
    ["agent waiting", "Agent waiting view", "/list?agent=waiting"],
    ["urgent w", "Urgent work view", "/list?priority=urgent"],
    ["all work", "All work view", "/list"],
  ] as const) {
    await run(typed, label);
    await page.waitForFunction((wanted) => location.pathname + location.search === wanted, address);
  }

  await page.goto(new URL("/?label=bug", stage.harness.url).href);
  await page.locator(".card[data-ref]").first().waitFor();
  await run("save view", "Save current view…");
  const name = page.getByRole("textbox", { name: "Name" });
  await name.fill("Bugs");
  await name.press("Enter");
  await untilListed(page, ["Urgent work", "Bugs"]);
  await run("rename view", "Rename view… Bugs");
  await name.fill("Defects");
  await name.press("Enter");
  await untilListed(page, ["Urgent work", "Defects"]);
  await run("delete view", "Delete view Defects");
  await untilListed(page, ["Urgent work"]);
  await page.close();
});

test("views are ordered with Alt and arrow keys or by menu, everywhere at once, and the focus stays on the view", async () => {
  await haveViews(["A", "B", "C"].map((name, index) => ({ name, query: `priority=${index}` })));
  const { page } = await stage.openBoard();
  const other = await openElsewhere();
  const focused = () => page.evaluate(() => document.activeElement?.closest(".view-row")?.querySelector("a")?.title);
  await rowOf(page, "A").locator("a").focus();
  for (const order of ["BAC", "BCA", "BCA"]) {
    await page.keyboard.press("Alt+ArrowDown");
    await untilListed(page, [...order]);
    assert.equal(await focused(), "A");
  }
  await page.locator("output", { hasText: "A: 3 of 3" }).waitFor({ state: "attached" });
  await untilListed(other, [..."BCA"]);
  for (const _ of "BC") await page.keyboard.press("Alt+ArrowUp");
  await untilListed(page, [..."ABC"]);
  await untilListed(other, [..."ABC"]);
  assert.equal(await focused(), "A");

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Move view down" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "Move view up" }).count(), 0, "it is the first");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await untilListed(other, [..."BAC"]);
  await page.waitForFunction(() => document.activeElement?.matches("button[aria-label='Menu of view A']"));
  assert.deepEqual(
    (await askViews()).map(({ name }) => name),
    [..."BAC"],
  );
  await page.close();
  await other.close();
});

for (const [what, name] of [
  ["a character that turns the direction", "report \u202Efdp.exe"],
  ["such a character after a closing quote", "a” \u202Eb"],
  ["an end of the isolation before it", "a\u2069 \u202Eb"],
  ["letters written from right to left", "שלום (1)"],
] as const) {
  test(`a message that quotes a view's name with ${what} keeps its other words in order`, async () => {
    await haveViews([{ name, query: "label=bug" }]);
    const { page } = await stage.openBoard("/?label=bug");
    await page.waitForFunction(() => /^\u2068[^\u202E\u2069]+\u2069 · Panopticon$/u.test(document.title));
    await page.locator(".view-row:has(.icon-button)").hover();
    await page.locator(".view-row .icon-button").click();
    await page.getByRole("menuitem", { name: "Delete view" }).click();
    const toast = page.locator(".toast-text");
    await toast.waitFor();
    const lefts = await toast.evaluate((element) => {
      const letters = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const found: number[] = [];
      for (let node = letters.nextNode(); node !== null; node = letters.nextNode()) {
        if (node.parentElement?.localName === "bdi") continue;
        for (let at = 0; at < (node.textContent ?? "").length; at += 1) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          found.push(range.getBoundingClientRect().left);
        }
      }
      return found;
    });
    assert.ok(lefts.length > "View “” deleted".length - 1);
    assert.deepEqual(
      lefts,
      lefts.toSorted((one, other) => one - other),
    );
    await page.close();
  });
}

test("a quick series of moves, a move elsewhere and a failed one keep the order and the focus", async () => {
  await haveViews([..."ABCDE"].map((name, index) => ({ name, query: `priority=${index}` })));
  const { page } = await stage.openBoard();
  const other = await openElsewhere();
  const isFocused = (name: string) =>
    page.waitForFunction((title) => document.activeElement?.getAttribute("title") === title, name);
  await rowOf(page, "A").locator("a").focus();
  for (const _ of "BCD") await page.keyboard.press("Alt+ArrowDown");
  await untilListed(page, [..."BCDAE"]);
  await untilListed(other, [..."BCDAE"]);
  await isFocused("A");

  await rowOf(other, "D").locator("a").focus();
  await other.keyboard.press("Alt+ArrowDown");
  await untilListed(page, [..."BCADE"]);
  await isFocused("A");

  await page.route(/\/api\/views\/\d+$/, (route) => route.abort());
  await page.keyboard.press("Alt+ArrowUp");
  await page.locator(".toast", { hasText: "Couldn’t move view “A”" }).waitFor();
  await untilListed(page, [..."BCADE"]);
  await isFocused("A");
  await page.close();
  await other.close();
});

test("a view that was deleted elsewhere disappears; a change of it meanwhile says so", async () => {
  await haveViews([{ name: "Bugs", query: "label=bug" }]);
  const { page } = await stage.openBoard("/?label=bug");
  const other = await openElsewhere();
  await choose(page, "Bugs", "Rename view…");
  await page.getByRole("textbox", { name: "Name" }).fill("Faults");
  await choose(other, "Bugs", "Delete view");
  await untilListed(other, []);
  await untilListed(page, []);
  await page.getByRole("textbox", { name: "Name" }).press("Enter");
  await page
    .getByRole("alert")
    .getByText(/There is no saved view/)
    .waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.deepEqual(await savedNames(page), []);
  await page.close();
  await other.close();
});

test("on a phone, the board's title renames, orders and deletes views", async () => {
  await haveViews([
    { name: "Bugs", query: "label=bug" },
    { name: "High", query: "priority=high" },
  ]);
  const { page } = await stage.openBoard("/?priority=high", { width: 390, height: 780 });
  const title = page.getByRole("button", { name: "Views: High" });
  await title.click();
  await page.getByRole("menuitem", { name: "Move view up" }).click();
  await title.click();
  await page.getByRole("menuitem", { name: "Move view down" }).waitFor();
  await page.getByRole("menuitem", { name: "Rename view…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Higher");
  await page.getByRole("button", { name: "Rename view" }).click();
  await page.getByRole("button", { name: "Views: Higher" }).click();
  assert.deepEqual(
    (await askViews()).map(({ name }) => name),
    ["Higher", "Bugs"],
  );
  await page.getByRole("menuitem", { name: "Delete view" }).click();
  await page.getByRole("button", { name: "Views: Filtered work" }).waitFor();
  await page.close();
});
