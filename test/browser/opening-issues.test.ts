import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { after, before } from "../support/hooks.ts";
import { inventedComments } from "../support/invented-issues.ts";
import { changeInvented, removeInvented } from "../support/change-invented.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

// Opening an issue: over the board, by its URL, by an ambiguous ref.

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({ issues: 300 });
});

after(() => stage.close());

function focusedRef(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-ref") ?? null);
}

test("the panel opens over the board by keyboard, steps to the neighbours, and returns the focus", async () => {
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

test("if an open issue leaves the view, the next one is the issue that came after it, which also gets the focus on close", async () => {
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

test("an issue without a card, reached by a link, scrolls by key, and closing returns the focus to the card", async () => {
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

test("an issue's URL opened directly is a page of its own, and an unknown one says so", async () => {
  const { page } = await stage.open("/issues/MIN-7");
  await page.waitForSelector(".issue-title");
  assert.equal(await page.locator(".issue-panel").count(), 0);
  const watch = page.waitForResponse((response) => response.url().endsWith("/api/watch"));
  await page.goto(new URL("/issues/MIN-99999", stage.harness.url).href);
  await page.waitForSelector("[role=alert]");
  assert.match(await page.locator("[role=alert]").innerText(), /There is no issue “MIN-99999”/);
  assert.equal((await watch).status(), 200);
  await page.close();
});

test("an ambiguous ref opens the issue whose card was clicked", async () => {
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

test("an ambiguous ref lists the candidates, each with a link", async () => {
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
  test(`an open issue deleted ${where} says so, offers its draft, and returns when the issue does`, async () => {
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

test("a reply names the author it answers, or is marked as a reply if the first comment is gone", async () => {
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
  // Newest first.
  assert.deepEqual(said, ["a reply", `in reply to ${asker}`, null]);
  assert.equal(await heads.nth(1).locator("[title^='Comment 1']").count(), 1);
  await page.close();
});

test("stepping past the last loaded card works once the next one arrives", async () => {
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
