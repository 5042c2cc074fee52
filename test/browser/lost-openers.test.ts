// Where the focus goes when a dialog closes and its opener no longer exists.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { removeInvented } from "../support/change-invented.ts";
import { after, before } from "../support/hooks.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({ issues: 80 });
});
after(() => stage.close());

/** The refs of the rendered cards or rows, in order. */
function refsOf(page: Page, selector: string): Promise<string[]> {
  return page.evaluate(
    (cards) => [...document.querySelectorAll<HTMLElement>(cards)].map(({ dataset }) => dataset["ref"] ?? ""),
    selector,
  );
}

/** Opens the priority dialog of the focused issue, then removes the issue. */
async function openOver(page: Page, ref: string): Promise<void> {
  await page.keyboard.press("p");
  await page.getByRole("dialog", { name: `Priority of ${ref}` }).waitFor();
  await removeInvented(stage.harness, ref);
  await page.waitForFunction((gone) => document.querySelector(`main [data-ref="${gone}"]`) === null, ref);
}

async function untilFocused(page: Page, ref: string): Promise<void> {
  await page.waitForFunction((wanted) => document.activeElement?.getAttribute("data-ref") === wanted, ref);
}

for (const [where, path, selector] of [
  ["board", "/?tracker=beta", ".column[data-status=backlog] .card[data-ref]"],
  ["list", "/list?tracker=beta", ".row-link[data-ref]"],
] as const) {
  test(`on the ${where} it goes to the issue that took the deleted one's place`, async () => {
    const { page } = await stage.openBoard(path);
    const refs = await refsOf(page, selector);
    const [, gone = "", next = ""] = refs;
    await page.locator(selector).nth(1).focus();
    await openOver(page, gone);
    await page.keyboard.press("Escape");
    await untilFocused(page, next);
    await page.close();
  });
}

test("if the column is empty, it goes to the nearest issue of another column", async () => {
  const { page } = await stage.openBoard("/?tracker=beta&q=merge");
  const [emptied, others] = [".column[data-status=planning] .card[data-ref]", ".card[data-ref]"];
  const [last = "", ...more] = await refsOf(page, emptied);
  assert.notEqual(last, "");
  await page.locator(emptied).first().focus();
  for (const other of more) await removeInvented(stage.harness, other);
  await openOver(page, last);
  await page.keyboard.press("Escape");
  await page.waitForFunction((cards) => document.activeElement?.matches(cards), others);
  await page.close();
});

test("if nothing is left, it goes to the page, whose shortcuts keep working", async () => {
  const { page } = await stage.openBoard("/?tracker=beta&q=merge");
  const refs = await refsOf(page, ".card[data-ref]");
  await page.locator(".card[data-ref]").first().focus();
  for (const other of refs.slice(1)) await removeInvented(stage.harness, other);
  await openOver(page, refs[0] ?? "");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.id === "main");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.close();
});

test("a dialog without an opener returns the focus to the page, not to its first button", async () => {
  const { page } = await stage.openBoard("/?tracker=beta");
  await page.evaluate(() => document.getElementById("main")?.focus());
  for (const [key, dialog] of [
    ["c", "New issue"],
    ["?", "Keyboard shortcuts"],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole("dialog", { name: dialog }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]"));
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.id === "main");
  }
  await page.close();
});

test("a dialog opened the moment another one closes returns the focus to the page, too", async () => {
  const { page } = await stage.openBoard("/?tracker=beta");
  await page.evaluate(() => document.getElementById("main")?.focus());
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]"));
  await page.evaluate(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector("[role=dialog]") !== null || document.activeElement !== document.body) return;
      observer.disconnect();
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "c", bubbles: true, cancelable: true }));
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "New issue" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]"));
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.id === "main");
  await page.close();
});

test("from a new issue's title, Tab and Enter lead to the text, and the toolbar is one step back", async () => {
  const { page } = await stage.openBoard("/?tracker=beta");
  await page.keyboard.press("c");
  await page.locator(".create-title").waitFor();
  for (const key of ["Tab", "Enter"]) {
    await page.locator(".create-title").focus();
    await page.keyboard.press(key);
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Description");
  }
  await page.keyboard.press("Shift+Tab");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Quote");
  await page.close();
});

test("over an issue, it stays in the panel", async () => {
  const { page } = await stage.openBoard("/?tracker=beta");
  const card = page.locator(".card[data-ref]").first();
  const ref = (await card.getAttribute("data-ref")) ?? "";
  await card.click();
  await page.locator(".issue-panel .body-edit").focus();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").locator(".palette-field input").waitFor();
  await removeInvented(stage.harness, ref);
  await page.getByText("This issue is no longer here").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".palette-field").waitFor({ state: "detached" });
  const isToScroll = () => document.activeElement?.matches(".issue-panel .issue-scroll");
  await page.waitForFunction(isToScroll);
  // Keys also scroll when the focus falls to the panel itself, as it does when the panel notices first.
  await page.locator(".issue-panel").evaluate((panel: HTMLElement) => panel.focus());
  await page.waitForFunction(isToScroll);
  assert.equal(await page.locator(".issue-panel").count(), 1);
  await page.keyboard.press("Escape");
  await page.locator(".issue-panel").waitFor({ state: "detached" });
  await page.close();
});

test("when a loading page hides the focused element, it goes to the page, whose shortcuts keep working", async () => {
  const { page } = await stage.openBoard("/?tracker=beta");
  const ref = (await page.locator(".card[data-ref]").first().getAttribute("data-ref")) ?? "";
  await page.goto(new URL(`/issues/${encodeURIComponent(ref)}`, page.url()).href);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.goto(new URL("/?tracker=beta", page.url()).href);
  await page.locator(".card[data-ref]").first().waitFor();
  // The issue page is requested again, as after an update, and never arrives.
  const asked = Promise.withResolvers<void>();
  await page.route(/issue-page/, () => asked.resolve());
  await page.reload();
  await page.locator(".card[data-ref]").first().focus();
  await page.evaluate(
    (path) => {
      history.pushState(null, "", path);
      dispatchEvent(new PopStateEvent("popstate"));
    },
    `/issues/${encodeURIComponent(ref)}`,
  );
  await asked.promise;
  await page.waitForFunction(() => document.activeElement?.id === "main");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.close();
});

test("a button that goes as soon as it is pressed leaves the focus in the filter, whose text took it away", async () => {
  const { page } = await stage.openBoard("/?tracker=beta");
  await page.locator(".card[data-ref]").first().focus();
  await page.keyboard.press("x");
  const box = await page
    .getByRole("toolbar", { name: "1 selected" })
    .getByRole("button", { name: "Assignee" })
    .boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.keyboard.press("f");
  // Before the text is applied, which happens by itself a moment later. It ends the selection, and the toolbar with it.
  await Promise.all([page.keyboard.press("m"), page.mouse.down(), page.mouse.up()]);
  await page.getByRole("toolbar").waitFor({ state: "detached" });
  await page.locator(".filter-input:focus").waitFor();
  assert.equal(await page.locator(".filter-input").inputValue(), "m");
  await page.close();
});
