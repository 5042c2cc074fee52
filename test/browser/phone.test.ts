// What a narrow window must not keep out of reach.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { signIn } from "../support/board.ts";
import { fillStore } from "../support/invented-issues.ts";
import { startDashboard } from "../support/dashboard.ts";
import type { ServerHarness } from "../support/server-harness.ts";
import { findViolations } from "./find-violations.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

const phone = { width: 390, height: 844 };

let harness: ServerHarness;
let browser: TestBrowser;

before(async () => {
  harness = await startDashboard({ prepare: (store) => fillStore(store, 20, Date.now()) });
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
  await harness.close();
});

async function openBoard(size: { readonly width: number; readonly height: number }): Promise<Page> {
  const { page } = await browser.open();
  await page.setViewportSize(size);
  await signIn(page, harness.server.openAddress());
  await page.goto(harness.url);
  await page.locator(".card[data-ref]").first().waitFor();
  return page;
}

/** Resolves when the comment field ends where what stands below it begins, however the issue is scrolled. */
async function assertDocked(page: Page, bottom: number): Promise<void> {
  for (const to of [0, 100_000]) {
    await page.locator(".issue-scroll").evaluate((element, top) => element.scrollTo(0, top), to);
    const box = await page.locator(".composer-dock").boundingBox();
    assert.equal(box && Math.round(box.y + box.height), bottom);
  }
}

test("on a phone the comment field is at the bottom of an issue, over the board and on its own", async () => {
  const page = await openBoard(phone);
  const card = page.locator(".card[data-ref]").first();
  const path = await card.getAttribute("href");
  await card.click();
  const field = page.getByRole("textbox", { name: /^Comment in/ });
  await field.waitFor();
  await assertDocked(page, phone.height);
  const agent = page.locator(".composer-dock").getByRole("button", { name: "Start agent" });
  assert.ok(await agent.isVisible());
  assert.equal(await page.getByRole("button", { name: "Comment", exact: true }).isVisible(), false);
  assert.deepEqual(await findViolations(page), []);

  await field.fill("From the train");
  await assertDocked(page, phone.height);
  assert.equal(await agent.isVisible(), false, "what is written needs the room");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page.locator(".history-line", { hasText: "You commented" }).waitFor();
  assert.equal(await field.inputValue(), "");

  const { page: alone } = await browser.open();
  await alone.setViewportSize(phone);
  await alone.goto(`${harness.url}${path}`);
  await alone.locator(".composer-dock").waitFor();
  const tabs = await alone.locator(".tabbar").boundingBox();
  assert.ok(tabs !== null);
  await assertDocked(alone, Math.round(tabs.y));
  await alone.close();
  await page.close();
});

for (const width of [320, 390, 740, 930, 960]) {
  test(`at ${width} pixels all that can be done to selected issues is reached without scrolling sideways`, async () => {
    const page = await openBoard({ width, height: 700 });
    await page.locator(".card[data-ref]").first().focus();
    for (const key of ["x", "Shift+ArrowDown", "Shift+ArrowDown"]) await page.keyboard.press(key);
    const bar = page.getByRole("toolbar", { name: "3 selected" });
    await bar.waitFor();
    const { content, shown } = await bar.evaluate(({ scrollWidth, clientWidth }) => ({
      content: scrollWidth,
      shown: clientWidth,
    }));
    assert.ok(content <= shown, `${content} px in ${shown}`);
    const more = bar.getByRole("button", { name: "More for the selected" });
    if (await more.isVisible()) {
      await more.click();
      for (const name of ["Labels", "Priority"]) await page.getByRole("menuitem", { name }).waitFor();
      await page.getByRole("menuitem", { name: "Start 3 agents" }).click();
    } else {
      for (const name of [/^Labels/, /^Priority/]) assert.ok(await bar.getByRole("button", { name }).isVisible());
      await bar.getByRole("button", { name: "Start 3 agents" }).click();
    }
    await page.getByRole("dialog", { name: "Start 3 agents on 3 issues" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await bar.getByRole("button", { name: "Clear" }).click();
    await bar.waitFor({ state: "detached" });
    await page.close();
  });
}
