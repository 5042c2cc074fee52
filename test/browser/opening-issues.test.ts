import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inventedComments } from "../support/invented-issues.ts";
import { changeInvented, removeInvented } from "../support/change-invented.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

// How an issue is opened: over the board, by its address, by a ref that fits several.

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({ issues: 300 });
});

after(() => stage.close());

function focusedRef(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-ref") ?? null);
}

test("the panel opens over the board by keyboard, goes to the neighbours, and gives the focus back", async () => {
  const { page } = await stage.openBoard("/?tracker=beta");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("j");
  const ref = await focusedRef(page);
  assert.ok(ref);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".issue-title");
  assert.equal(new URL(page.url()).pathname, `/issues/${ref}`);
  assert.equal(new URL(page.url()).search, "?tracker=beta");
  assert.match(await page.locator(".issue-head").innerText(), /2 of \d+ in backlog/);
  await page.keyboard.press("j");
  await page.waitForFunction(() => document.querySelector(".issue-head")?.textContent?.includes("3 of"));
  const next = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1) ?? "");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".issue-panel", { state: "detached" });
  await page.waitForFunction((wanted) => document.activeElement?.getAttribute("data-ref") === wanted, next);
  assert.equal(new URL(page.url()).pathname, "/");
  await page.close();
});

test("one that leaves what is shown while it is open is followed by the issue that came after it, which has the focus after it", async () => {
  const { page } = await stage.openBoard("/?tracker=beta&status=backlog");
  const cards = await page
    .locator(".card[data-ref]")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-ref")));
  const [, left = "", next = "", last = ""] = cards.map((ref) => ref ?? "");
  const leave = async (ref: string) => {
    await changeInvented(stage.harness, ref, { stateId: "s-progress" });
    await page.waitForFunction((gone) => document.querySelector(`.card[data-ref="${gone}"]`) === null, ref);
  };
  await page.locator(`.card[data-ref="${left}"]`).click();
  await page.waitForSelector(".issue-title");
  await leave(left);
  await page.keyboard.press("j");
  await page.waitForURL((url) => url.pathname === `/issues/${next}`);
  await leave(next);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".issue-panel", { state: "detached" });
  await page.waitForFunction((wanted) => document.activeElement?.getAttribute("data-ref") === wanted, last);
  await page.close();
});

test("where an issue was followed to another without a card the keys scroll that one, and the focus comes back to the card", async () => {
  const { page } = await stage.openBoard("/?tracker=beta&status=planning&sort=updated");
  const card = page.locator('.card[data-ref="MIN-19"]');
  await card.click();
  await page.locator(".issue-panel .properties a", { hasText: "MIN-18" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/issues/MIN-18");
  await page.waitForFunction(() => document.activeElement?.matches(".issue-scroll"));
  await page.keyboard.press("Escape");
  await page.waitForSelector(".issue-panel", { state: "detached" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-ref") === "MIN-19");
  await page.close();
});

test("an issue's address opened directly is a page of its own, and an unknown one says so", async () => {
  const { page } = await stage.open("/issues/MIN-7");
  await page.waitForSelector(".issue-title");
  assert.equal(await page.locator(".issue-panel").count(), 0);
  await page.goto(new URL("/issues/MIN-99999", stage.harness.url).href);
  await page.waitForSelector("[role=alert]");
  assert.match(await page.locator("[role=alert]").innerText(), /There is no issue “MIN-99999”/);
  await page.close();
});

test("a ref that fits two issues opens the one whose card was clicked", async () => {
  const { page } = await stage.openBoard("/?project=copy&project=site");
  const cards = page.locator(".card[data-ref]");
  const ref = await cards.first().getAttribute("data-ref");
  assert.equal(await cards.nth(1).getAttribute("data-ref"), ref);
  await cards.nth(1).click();
  await page.waitForSelector(".issue-title");
  assert.match(decodeURIComponent(page.url()), /\/issues\/(?:acme|other)\/site#6/);
  assert.equal(await page.locator(".issue-panel [role=alert]").count(), 0);
  await page.close();
});

test("a ref that fits several issues lists them, and each choice leads on", async () => {
  const { page } = await stage.open(`/issues/${encodeURIComponent("site#5")}`);
  const choices = page.locator("a.relation", { hasText: "/site/issues/5" });
  await choices.first().waitFor();
  assert.equal(await choices.count(), 2);
  const chosen = await choices.last().innerText();
  await choices.last().click();
  await page.waitForSelector(".issue-title");
  assert.equal(decodeURIComponent(new URL(page.url()).pathname), `/issues/${chosen.trim()}`);
  await page.close();
});

for (const [where, open] of [
  ["over the board", (page: Page, ref: string) => page.locator(`.card[data-ref="${ref}"]`).first().click()],
  ["on a page of its own", (page: Page, ref: string) => page.goto(new URL(`/issues/${ref}`, stage.harness.url).href)],
] as const) {
  test(`an open issue that is deleted ${where} says so, gives back what was being typed, and is there again when it comes back`, async () => {
    const { page } = await stage.openBoard("/?tracker=beta");
    const ref = (await page.locator(".card[data-ref]").first().getAttribute("data-ref")) ?? "";
    await open(page, ref);
    await page.locator(".issue-grid .body-edit").waitFor();
    await page.getByRole("textbox", { name: "Comment" }).fill("Half a thought");
    await removeInvented(stage.harness, ref);
    const note = page.getByRole("alert").filter({ hasText: "This issue is no longer here" });
    await note.waitFor();
    assert.equal(await page.locator(".issue-grid").count(), 0, "what cannot be changed any more is not offered");
    assert.match(await note.innerText(), /Unsent draft of a comment\s+Half a thought/);

    await changeInvented(stage.harness, ref, { title: "Back again" });
    await page.locator(".issue-grid .issue-title", { hasText: "Back again" }).waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Comment" }).inputValue(), "Half a thought");

    await removeInvented(stage.harness, ref);
    await note.getByRole("button", { name: "Go to board" }).click();
    await page.locator(".card[data-ref]").first().waitFor();
    assert.equal(new URL(page.url()).pathname, "/");
    await page.waitForFunction((gone) => document.querySelector(`.card[data-ref="${gone}"]`) === null, ref);
    await page.close();
  });
}

test("a reply says whom it answers, or that it is one where the first comment is gone", async () => {
  const { issues } = await stage.harness.store.board.issues({
    filter: { tracker: ["beta"] },
    sort: { key: "created", reverse: false },
    limit: 1,
    cursor: null,
    me: {},
  });
  const [{ id, ref } = assert.fail()] = issues;
  const [question = assert.fail(), answer = assert.fail(), other = assert.fail()] = inventedComments(3);
  await stage.harness.store.comments.replace(
    id,
    [question, { ...answer, replyTo: question.id }, { ...other, replyTo: "gone" }],
    {},
    Date.now(),
  );
  const { page } = await stage.open(`/issues/${encodeURIComponent(ref)}`);
  const heads = page.locator(".comment header");
  await heads.nth(2).waitFor();
  const said = (await heads.allInnerTexts()).map((text) => /a reply|in reply to .+/.exec(text)?.[0] ?? null);
  const asker = await heads.nth(2).locator("b").innerText();
  // The newest first.
  assert.deepEqual(said, ["a reply", `in reply to ${asker}`, null]);
  assert.equal(await heads.nth(1).locator("[title^='Comment 1']").count(), 1);
  await page.close();
});

test("the step below the last card that is loaded is taken once the next one is there", async () => {
  const { page } = await stage.openBoard("/?tracker=beta&status=backlog");
  const answer = Promise.withResolvers<void>();
  await page.route(/cursor=/, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await page.locator(".card[data-ref]").first().focus();
  const isLast = () =>
    page.evaluate(() => {
      const next = document.activeElement?.closest(".column-row")?.nextElementSibling;
      return next != null && next.querySelector(".card[data-ref]") === null;
    });
  while (!(await isLast())) {
    const before = await focusedRef(page);
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction((old) => document.activeElement?.getAttribute("data-ref") !== old, before);
  }
  const last = await focusedRef(page);
  await page.keyboard.press("ArrowDown");
  answer.resolve();
  await page.waitForFunction((old) => document.activeElement?.getAttribute("data-ref") !== old, last);
  assert.ok((await focusedRef(page)) !== null);
  await page.close();
});
