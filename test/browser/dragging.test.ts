import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, inWorld, openChangesStage } from "./changes-stage.ts";
import { cardIn } from "./live-stage.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

/** The count in a column's header. */
async function countOf(page: Page, status: string): Promise<number> {
  const text = await page.locator(`.column[data-status=${status}] .column-count`).innerText();
  return Number(text.replaceAll(",", ""));
}

test(
  "a card dragged by mouse is in its new column before anything is sent, and the tracker gets the change",
  limit,
  async () => {
    const { github, openBoard, issueIn, untilTaken, untilSettled } = stage;
    const page = await openBoard();
    const issue = await issueIn("github", "backlog");
    const card = page.locator(cardIn("backlog", issue.ref));
    await card.scrollIntoViewIfNeeded();
    const [from, to] = [await card.boundingBox(), await page.locator(".column[data-status=in_progress]").boundingBox()];
    assert.ok(from && to);
    const before = await countOf(page, "in_progress");
    const painted = page.evaluate(
      (selector) =>
        new Promise<boolean>((resolve) => {
          const send = window.fetch;
          window.fetch = (...request) => {
            if (request[1]?.method === "PATCH") resolve(document.querySelector(selector) !== null);
            return send(...request);
          };
        }),
      cardIn("in_progress", issue.ref),
    );
    await page.mouse.move(from.x + 40, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 40, { steps: 3 });
    await page.mouse.move(to.x + 80, to.y + 160, { steps: 4 });
    await page.locator(".drop-place").waitFor();
    assert.match(await page.locator(".drop-place").innerText(), /^GitHub: /);
    await page.mouse.up();
    await page.waitForSelector(cardIn("in_progress", issue.ref));
    assert.equal(await painted, true);
    assert.equal(await countOf(page, "in_progress"), before + 1);
    await untilTaken(issue.address, "in_progress");
    await untilSettled();
    assert.ok(inWorld(github, issue).labels.some((label) => label.toLowerCase() === "in progress"));
    await page.close();
  },
);

/** Simulates a finger on the page's screen. */
async function startFinger(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 1 });
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", x = 0, y = 0) =>
    devtools.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  const wipe = async (fromX: number, fromY: number, toX: number, toY: number) => {
    for (let step = 1; step <= 8; step += 1) {
      await touch("touchMove", fromX + ((toX - fromX) * step) / 8, fromY + ((toY - fromY) * step) / 8);
    }
  };
  return { touch, wipe };
}

test("on a phone, holding a card at the screen's edge scrolls to the next column", limit, async () => {
  const { openBoard, issueIn, untilTaken, untilSettled } = stage;
  const page = await openBoard();
  await page.setViewportSize({ width: 390, height: 844 });
  const issue = await issueIn("github", "backlog");
  const card = page.locator(cardIn("backlog", issue.ref));
  await card.scrollIntoViewIfNeeded();
  const from = await card.boundingBox();
  assert.ok(from);
  const { touch, wipe } = await startFinger(page);
  await touch("touchStart", from.x + 60, from.y + 30);
  await page.locator(".drag-preview").waitFor();
  await wipe(from.x + 60, from.y + 30, 380, 400);
  await page.locator(".column-tab[aria-current]", { hasText: "In Progress" }).waitFor();
  await wipe(380, 400, 180, 400);
  await page.locator(".column[data-status=in_progress] .drop-place").waitFor();
  await touch("touchEnd");
  await page.waitForSelector(cardIn("in_progress", issue.ref));
  assert.equal(await page.locator(".issue-panel").count(), 0, "the release is no tap");
  await untilTaken(issue.address, "in_progress");
  await untilSettled();
  await page.close();
});

test("a long press drags a card, a swipe does not", limit, async () => {
  const { openBoard, issueIn, read, untilTaken, untilSettled } = stage;
  const page = await openBoard();
  const issue = await issueIn("github", "backlog");
  const card = page.locator(cardIn("backlog", issue.ref));
  await card.scrollIntoViewIfNeeded();
  const [from, to] = [await card.boundingBox(), await page.locator(".column[data-status=planning]").boundingBox()];
  assert.ok(from && to);
  const { touch, wipe } = await startFinger(page);
  const [x, y] = [from.x + 60, from.y + 30];
  await touch("touchStart", x, y);
  await wipe(x, y, x, y - 120);
  await touch("touchEnd");
  assert.equal(await page.locator(".drag-preview").count(), 0);
  assert.equal((await read(issue.address)).status, "backlog");

  await card.scrollIntoViewIfNeeded();
  const now = await card.boundingBox();
  assert.ok(now);
  await touch("touchStart", now.x + 60, now.y + 30);
  await page.locator(".drag-preview").waitFor();
  await wipe(now.x + 60, now.y + 30, to.x + 80, to.y + 160);
  await page.locator(".column[data-status=planning] .drop-place").waitFor();
  await touch("touchEnd");
  await page.waitForSelector(cardIn("planning", issue.ref));
  assert.equal(await page.locator(".issue-panel").count(), 0, "the release is no tap");
  await untilTaken(issue.address, "planning");
  await untilSettled();
  await page.close();
});

test("a card dropped on a native state gets exactly that state, even if its status stays", limit, async () => {
  const { linear, server, browser, read } = stage;
  const { page } = await browser.open();
  const { issues } = await server.get<IssueListShape>("/api/issues?tracker=linear&status=backlog&limit=100");
  const [found] = issues.filter(({ nativeState }) => nativeState.name === "Todo");
  assert.ok(found, "Linear has something in Todo");
  const issue = await read(found.address);
  await goTo(page, server, "/?group=state&tracker=linear");
  const column = (state: string) => page.locator(`.column[data-group="${state}"]`);
  const card = column("Todo").locator(`.card[data-ref="${issue.ref}"]`);
  await card.scrollIntoViewIfNeeded();
  const [from, to] = [await card.boundingBox(), await column("Backlog").boundingBox()];
  assert.ok(from && to);
  await page.mouse.move(from.x + 40, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(to.x + 80, to.y + 160, { steps: 6 });
  await column("Backlog").locator(".drop-place").waitFor();
  await page.mouse.up();
  await column("Backlog").locator(`.card[data-ref="${issue.ref}"]`).waitFor();
  await eventually(() => (inWorld(linear, issue).state === "Backlog" ? true : undefined), "Linear has it in Backlog");
  await page.close();
});

test("Escape leaves a dragged card where it was", limit, async () => {
  const { openBoard, issueIn, read } = stage;
  const page = await openBoard();
  const issue = await issueIn("github", "backlog");
  const card = page.locator(cardIn("backlog", issue.ref));
  await card.scrollIntoViewIfNeeded();
  const [from, to] = [await card.boundingBox(), await page.locator(".column[data-status=done]").boundingBox()];
  assert.ok(from && to);
  await page.mouse.move(from.x + 40, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(to.x + 80, to.y + 160, { steps: 4 });
  await page.locator(".drag-preview").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".drag-preview").waitFor({ state: "detached" });
  await page.mouse.up();
  assert.equal((await read(issue.address)).status, "backlog");
  assert.equal(await page.locator(".issue-panel").count(), 0);
  await page.close();
});
