// Everything stays within reach in a narrow window.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { BoardShape } from "../../src/server/contract/issue.ts";
import { changeInvented } from "../support/change-invented.ts";
import { after, before } from "../support/hooks.ts";
import { findViolations } from "./find-violations.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

const phone = { width: 390, height: 844 };

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage();
});
after(() => stage.close());

/** Resolves when the comment field is directly above what is below it, at every scroll position. */
async function assertDocked(page: Page, bottom: number): Promise<void> {
  for (const to of [0, 100_000]) {
    await page.locator(".issue-scroll").evaluate((element, top) => element.scrollTo(0, top), to);
    const box = await page.locator(".composer-dock").boundingBox();
    assert.equal(box && Math.round(box.y + box.height), bottom);
  }
}

test("on a phone, the comment field is at the bottom of an issue, in the panel and on its page", async () => {
  const { page } = await stage.openBoard("/", phone);
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

  const { page: alone } = await stage.browser.open();
  await alone.setViewportSize(phone);
  await alone.goto(`${stage.harness.url}${path}`);
  await alone.locator(".composer-dock").waitFor();
  const tabs = await alone.locator(".tabbar").boundingBox();
  assert.ok(tabs !== null);
  await assertDocked(alone, Math.round(tabs.y));
  for (const part of [".issue-title", ".properties", ".issue-text"]) {
    const { width = 0 } = (await alone.locator(`.issue-grid > ${part}`).boundingBox()) ?? {};
    assert.equal(width, phone.width, `${part} is as wide as the screen`);
  }
  await alone.close();
  await page.close();
});

test("on a phone, the last of a text's tools is within reach", async () => {
  const { page } = await stage.openBoard("/", phone);
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog");
  const text = dialog.locator("textarea[data-field=body]");
  await text.fill("Said before");
  const tool = dialog.getByRole("button", { name: "Quote" });
  await tool.scrollIntoViewIfNeeded();
  const box = await tool.boundingBox();
  assert.ok(box !== null && box.x + box.width <= phone.width, JSON.stringify(box));
  await tool.click();
  assert.equal(await text.inputValue(), "> Said before");
  await page.close();
});

test("on a phone, touch targets and list entries are finger-sized", async () => {
  const { page } = await stage.openBoard("/", phone);
  const tooLow = async (selector: string, least: number) => {
    const boxes = await page.locator(selector).filter({ visible: true }).all();
    assert.ok(boxes.length > 0, selector);
    for (const one of boxes) {
      const box = await one.boundingBox();
      assert.ok(box !== null && box.height >= least, `${selector}: ${JSON.stringify(box)}`);
    }
  };
  await tooLow(".bar button", 44);
  await tooLow(".column-tab", 44);
  await tooLow(".column-head button", 40);
  const [move, avatar] = [page.locator(".card-move > svg").first(), page.locator(".card-top > .avatar").first()];
  const middle = (box: { readonly y: number; readonly height: number } | null) => box && box.y + box.height / 2;
  assert.equal(
    middle(await move.boundingBox()),
    middle(await avatar.boundingBox()),
    "what stands in a line is in line",
  );
  await page.locator(".card-move").first().click();
  await page.locator(".move-row").first().waitFor();
  await tooLow(".move-row", 44);
  await page.close();
});

test("on a phone, the issue's header and a card's buttons have finger-sized targets", async () => {
  const { page } = await stage.newTab(phone);
  // Only the look of a failed write matters here, not its cause.
  await page.route(/\/api\/board\b/, async (route) => {
    const response = await route.fetch();
    const board = (await response.json()) as BoardShape;
    const issue = board.columns.flatMap(({ issues }) => issues)[0];
    if (issue !== undefined) issue.sync = { ...issue.sync, state: "failed", reason: "Not allowed", operation: 1 };
    await route.fulfill({ response, json: board });
  });
  await page.goto(stage.harness.url);
  const buttons = page.locator(".card-foot > button");
  await buttons.first().waitFor();
  const foot = await page.locator(".card-foot").first().boundingBox();
  assert.equal(foot?.height, 32, "its card is no higher for that");
  await buttons.first().scrollIntoViewIfNeeded();
  const areas = await buttons.first().evaluate((button) => {
    const { x, y, width, height } = button.getBoundingClientRect();
    const isHit = (atY: number) => button.contains(document.elementFromPoint(x + width / 2, atY));
    let [top, bottom] = [y + height / 2, y + height / 2];
    while (isHit(top - 1)) top -= 1;
    while (isHit(bottom + 1)) bottom += 1;
    return { width, height: bottom - top + 1 };
  });
  assert.ok(areas.width >= 44 && areas.height >= 43, JSON.stringify(areas));
  await page.locator(".card[data-ref]").first().click();
  const head = page.locator(".issue-head");
  await head.getByRole("link", { name: /^Open in/ }).waitFor();
  for (const one of await head.locator(".icon-button, .button").filter({ visible: true }).all()) {
    const box = await one.boundingBox();
    assert.ok(box !== null && box.width >= 44 && box.height >= 44, JSON.stringify(box));
    assert.ok(box.x + box.width <= phone.width, "all of it is on the screen");
  }
  await page.close();
});

for (const width of [390, 1440]) {
  test(`at ${width} pixels, the dialog to start an agent does not scroll sideways, even with a long title`, async () => {
    const title = "A title that goes on and on ".repeat(8);
    const { page } = await stage.openBoard("/", { width, height: 844 });
    const own = page.locator(".card:is([data-ref^='MIN-'], [data-ref^='app#'])").first();
    const ref = await own.getAttribute("data-ref");
    assert.ok(ref);
    await changeInvented(stage.harness, ref, { title });
    const card = page.locator(`.card[data-ref="${ref}"]`, { hasText: "A title that goes on" });
    await card.focus();
    await page.keyboard.press("a");
    const form = page.locator(".start-form");
    await form.getByText("A title that goes on").waitFor();
    assert.equal(await form.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), 0);
    const box = await form.getByRole("button", { name: "Start" }).boundingBox();
    assert.ok(box !== null && box.x + box.width <= width, JSON.stringify(box));
    await page.close();
  });
}

test("on a phone, the filter icon is next to the first of several conditions", async () => {
  const { page } = await stage.openBoard("/", phone);
  await page.goto(`${stage.harness.url}/?assignee=me&label=bug&status=in_progress&priority=urgent`);
  await page.locator("span.filter-chip").nth(3).waitFor();
  const sign = await page.locator(".filter-field > .icon").boundingBox();
  const first = await page.locator("span.filter-chip").first().boundingBox();
  assert.ok(sign && first && sign.x + sign.width <= first.x && Math.abs(sign.y + 7 - (first.y + 14)) <= 1);
  await page.close();
});

for (const width of [320, 390, 740, 930, 960]) {
  test(`at ${width} pixels, all bulk actions are reachable without scrolling sideways`, async () => {
    const { page } = await stage.openBoard("/", { width, height: 700 });
    await page.locator(".card[data-ref]").first().focus();
    for (const key of ["x", "Shift+ArrowDown", "Shift+ArrowDown"]) await page.keyboard.press(key);
    const bar = page.getByRole("toolbar", { name: "3 selected" });
    await bar.waitFor();
    const { content, shown } = await bar.evaluate(({ scrollWidth, clientWidth }) => ({
      content: scrollWidth,
      shown: clientWidth,
    }));
    assert.ok(content <= shown, `${content} px in ${shown}`);
    const more = bar.getByRole("button", { name: "More actions" });
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
