// With the browser's storage full, the dashboard keeps working, and drafts last as long as the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { goToBoard } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { type ChangesStage, openChangesStage } from "./changes-stage.ts";
import type { OpenTab } from "./open-browser.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;

before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

/** A board in a browser whose storage is full. */
async function openFull(): Promise<OpenTab> {
  const tab = await stage.browser.open();
  await goToBoard(tab.page, stage.server);
  await tab.page.locator(".card[data-ref]").first().waitFor();
  await fillStorage(tab.page);
  return tab;
}

/** Fills the dashboard's storage to the last character. */
function fillStorage(page: Page): Promise<void> {
  return page.evaluate(() => {
    let number = 0;
    for (let size = 2 ** 21; size >= 1;) {
      try {
        localStorage.setItem(`filling ${(number += 1)}`, "x".repeat(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
  });
}

async function openIssue(page: Page): Promise<void> {
  await page.locator(".card[data-ref]").first().click();
  await page.locator(".issue-panel .body-edit, .issue-panel .editor").first().waitFor();
}

async function closeIssue(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Close (Esc)" }).click();
  await page.locator(".issue-panel").waitFor({ state: "detached" });
}

test(
  "a draft that cannot be stored survives closing the panel, says how long it lasts, and asks before leaving",
  limit,
  async () => {
    const { page, complaints } = await openFull();
    await openIssue(page);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const text = page.getByRole("textbox", { name: "Description" });
    await text.fill("A long thought");
    await page.getByText("kept until you leave the page").waitFor();
    const comment = page.getByRole("textbox", { name: "Comment" });
    await comment.fill("A short one");
    assert.equal(await page.getByText("kept until you leave the page").count(), 2);
    await closeIssue(page);
    await openIssue(page);
    assert.equal(await text.inputValue(), "A long thought");
    assert.equal(await comment.inputValue(), "A short one");

    const asked = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const question = await asked;
    assert.equal(question.type(), "beforeunload");
    await question.dismiss();

    await comment.press("Control+Enter");
    await page.locator(".comment", { hasText: "A short one" }).waitFor();
    await text.press("Control+Enter");
    await page.locator(".issue-text", { hasText: "A long thought" }).locator(".body-edit").waitFor();
    const closed = page.waitForEvent("close");
    await page.close({ runBeforeUnload: true });
    await closed;
    assert.deepEqual(complaints, []);
  },
);

test("display options apply even if they cannot be stored", limit, async () => {
  const { page, complaints } = await openFull();
  const shut = page.locator(".column-shut");
  const before = await shut.count();
  await page.getByRole("button", { name: "Column menu of Done" }).click();
  await page.getByRole("menuitem", { name: /Collapse/ }).click();
  await page.waitForFunction((count) => document.querySelectorAll(".column-shut").length === count, before + 1);
  const theme = await page.evaluate(() => document.documentElement.dataset["theme"]);
  await page.getByRole("button", { name: /theme/i }).first().click();
  await page.waitForFunction((old) => document.documentElement.dataset["theme"] !== old, theme);
  await page.keyboard.press("c");
  await page.getByPlaceholder("Title").fill("Made with a full storage");
  await page.keyboard.press("Control+Enter");
  await page.locator(".card", { hasText: "Made with a full storage" }).waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});
