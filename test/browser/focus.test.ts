// Keyboard users always know where they are: the focus stays, or goes where they expect it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { after, before } from "../support/hooks.ts";
import { fillStore } from "../support/invented-issues.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({ prepare: (store) => fillStore(store, 40, Date.now()) });
});
after(() => stage.close());

test("undoing a card's move returns the focus with it", async () => {
  const { page } = await stage.openBoard("/");
  const card = page.locator(".column[data-status=backlog] .card[data-ref]").nth(1);
  const ref = await card.getAttribute("data-ref");
  await card.focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.locator(`.column[data-status=planning] .card[data-ref="${ref}"]:focus`).waitFor();
  await page.keyboard.press("z");
  await page.locator(`.column[data-status=backlog] .card[data-ref="${ref}"]:focus`).waitFor();
  await page.close();
});

test("navigating by key does not lose the focus", async () => {
  const { page } = await stage.openBoard("/");
  await page.locator(".card[data-ref]").first().focus();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.locator("main:focus").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.locator("main:focus .card[data-ref]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.locator(".card[data-ref]:focus").waitFor();
  await page.close();
});

test("the focus keeps its place when a choice moves its card out of view", async () => {
  const { page } = await stage.openBoard("/?status=backlog", { width: 1440, height: 420 });
  const cards = page.locator(".column[data-status=backlog] .card[data-ref]");
  const key = await cards.nth(1).getAttribute("data-key");
  const heir = await cards.nth(2).getAttribute("data-key");
  await cards.nth(1).focus();
  await page.keyboard.press("p");
  await page.getByRole("dialog", { name: /^Priority of/ }).waitFor();
  await page.keyboard.press("0");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction((wanted) => document.activeElement?.getAttribute("data-key") === wanted, heir);
  assert.equal(await page.locator(`[data-key="${key}"]`).count(), 0, "it is far below");
  await page.close();
});

test("the focus keeps its place when a choice moves its row out of view", async () => {
  const { page } = await stage.openBoard("/list?status=backlog&sort=priority", { width: 1440, height: 420 });
  const rows = page.locator(".row-link[data-key]");
  await rows.nth(2).waitFor();
  const key = await rows.nth(1).getAttribute("data-key");
  const heir = await rows.nth(2).getAttribute("data-key");
  await rows.nth(1).focus();
  await page.keyboard.press("p");
  await page.getByRole("dialog", { name: /^Priority of/ }).waitFor();
  await page.keyboard.press("0");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction((wanted) => document.activeElement?.getAttribute("data-key") === wanted, heir);
  assert.notEqual(key, heir);
  await page.close();
});

test("a button that disappears or is disabled while it is pressed leaves the focus where it was", async () => {
  const { page } = await stage.openBoard("/");
  const field = page.getByRole("combobox", { name: "Filter issues" });
  for (const isRemoved of [true, false]) {
    await field.focus();
    await page.evaluate((isGoing) => {
      const button = document.createElement("button");
      button.textContent = "Short-lived";
      button.style.cssText = "position: fixed; inset: 40% auto auto 40%; z-index: 100";
      button.addEventListener("pointerdown", () => {
        if (isGoing) button.remove();
        else button.disabled = true;
      });
      document.body.append(button);
    }, isRemoved);
    await page.getByRole("button", { name: "Short-lived" }).click({ noWaitAfter: true, force: true });
    await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
    await page.evaluate(() => document.querySelector("body > button")?.remove());
  }
  await page.close();
});

test("nothing behind a dialog keeps the focus", async () => {
  const { page } = await stage.openBoard("/");
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await dialog.waitFor();
  await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]") !== null);
  await page.evaluate(() => document.querySelector<HTMLElement>(".card[data-ref]")?.focus());
  await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]") !== null);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.close();
});

test("the focus stays in the palette's field when its list stops scrolling", async () => {
  const { page } = await stage.openBoard("/", { width: 900, height: 400 });
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search or run a command" });
  await field.fill("the");
  await page.getByRole("option").filter({ hasText: "theme" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  for (const step of ["Tab", "Tab", "Shift+Tab"]) {
    await page.keyboard.press(step);
    const focused = await page.evaluate(() => document.activeElement?.className);
    assert.doesNotMatch(focused ?? "", /palette-list/, step);
  }
  await page.close();
});
