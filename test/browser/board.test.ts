import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { BoardShape } from "../../src/server/contract/issue.ts";
import { changeInvented } from "../support/change-invented.ts";
import { after, before } from "../support/hooks.ts";
import { fillStore } from "../support/invented-issues.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({
    async prepare(store) {
      await fillStore(store, 300, Date.now());
      await store.sources.saveAccount("alpha", { id: "p1", login: "ada", name: "Ada Byron" });
    },
  });
  stage.harness.sync.statuses = ["alpha", "beta"].map((connection) => ({
    connection,
    tracker: connection,
    server: `https://${connection}.example`,
    health: "ok",
    account: { id: "p1", login: "ada", name: "Ada Byron", scopes: null, missing: [] },
    budget: null,
    requests: 1,
    lastSyncAt: Date.now(),
    nextSyncAt: Date.now() + 60_000,
    error: null,
    progress: null,
  }));
});

after(() => stage.close());

async function askBoard(query = ""): Promise<BoardShape> {
  return JSON.parse((await stage.harness.ask(`/api/board${query}`)).text) as BoardShape;
}

async function counts(page: Page): Promise<string[]> {
  return page.locator(".board .column-count").allInnerTexts();
}

function focusedRef(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-ref") ?? null);
}

/** Only cards of `app#` and `MIN-`: the refs of the other two repositories are ambiguous. */
const ownCard = ".card[data-ref^='MIN-'], .card[data-ref^='app#']";

test("the board shows correct counts, without console errors", async () => {
  const { page, complaints } = await stage.openBoard();
  const board = await askBoard();
  assert.deepEqual(
    await counts(page),
    board.columns.map(({ total }) => total.toLocaleString("en")),
  );
  assert.match(await page.locator(".bar-total").innerText(), /^1,200 issues$/);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a filter is typed, kept in the URL, undone by Back, and shared by its link", async () => {
  const { page } = await stage.openBoard();
  await page.keyboard.press("f");
  await page.keyboard.type("label:bu");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\?label=bug$/);
  const filtered = await askBoard("?label=bug");
  await page.waitForFunction(
    (total) => document.querySelector(".bar-total")?.textContent?.startsWith(total),
    `${filtered.total}`,
  );
  await page.keyboard.type("invoices");
  await page.waitForURL(/q=invoices/);
  const shared = page.url();
  await page.goBack();
  await page.waitForURL(/\?label=bug$/);
  assert.equal(await page.locator(".filter-input").inputValue(), "");
  await page.close();

  const { page: other } = await stage.openBoard(shared);
  assert.equal(await other.locator(".filter-input").inputValue(), "invoices");
  const both = await askBoard("?label=bug&q=invoices");
  assert.deepEqual(
    await counts(other),
    both.columns.map(({ total }) => total.toLocaleString("en")),
  );
  await other.locator(".filter-input").fill("");
  await other.waitForURL(/\?label=bug$/);
  await other.keyboard.press("Backspace");
  await other.waitForURL(new URL("/", stage.harness.url).href);
  await other.close();
});

test("Escape returns from the filter to the card that had the focus", async () => {
  const { page } = await stage.openBoard();
  const card = page.locator(ownCard).first();
  await card.focus();
  const ref = await focusedRef(page);
  await page.keyboard.press("f");
  assert.equal(await focusedRef(page), null);
  // The first Escape closes the suggestions.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  assert.equal(await focusedRef(page), ref);
  await page.close();
});

test("Escape in the filter closes the suggestions but keeps the text, then goes to the first card, or to the page if there are none", async () => {
  const { page } = await stage.openBoard();
  const field = page.locator(".filter-input");
  const isInField = () => field.evaluate((input) => input === document.activeElement);
  await page.keyboard.press("f");
  await page.keyboard.type("label:bu");
  await page.getByRole("option", { name: /bug/ }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".filter-menu").waitFor({ state: "detached" });
  assert.equal(await field.inputValue(), "label:bu");
  assert.ok(await isInField());
  await page.keyboard.press("Escape");
  assert.equal(await focusedRef(page), await page.locator(".card[tabindex='0']").first().getAttribute("data-ref"));
  assert.equal(await field.inputValue(), "label:bu");
  assert.equal(new URL(page.url()).search, "");

  await page.keyboard.press("f");
  await page.keyboard.type("nothing has this word");
  await page.getByText("No issue matches the filter").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  assert.equal(await field.inputValue(), "nothing has this word");
  await page.close();
});

test("a filter typed before the suggestions load chooses the suggestion once it arrives", async () => {
  const { page } = await stage.browser.open();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await page.route("**/api/facets", async (route) => {
    asked.resolve();
    await answer.promise;
    await route.continue();
  });
  await page.goto(stage.harness.server.openAddress());
  await page.waitForSelector(".card[data-ref]");
  await asked.promise;
  await page.keyboard.press("f");
  await page.keyboard.type("label:bu");
  await page.keyboard.press("Enter");
  await page.getByText("Loading…").waitFor();
  assert.equal(new URL(page.url()).search, "");
  answer.resolve();
  await page.waitForURL(/\?label=bug$/);
  assert.equal(await page.locator(".filter-input").inputValue(), "");
  await page.close();
});

test("an invalid part of the URL is reported, and the rest is applied", async () => {
  const { page } = await stage.openBoard("/?project=nowhere&label=bug&colour=red");
  const words = await page.locator(".notice").innerText();
  assert.match(words, /Unknown project “nowhere”; use app, site, copy/);
  assert.match(words, /Unknown filter “colour”/);
  const { total } = await askBoard("?label=bug");
  assert.match(await page.locator(".bar-total").innerText(), new RegExp(`^${total} of 1,200 issues$`));
  await page.close();
});

test("a change in the tracker reaches every tab without a reload, and is announced", async () => {
  const tabs = [(await stage.openBoard()).page, (await stage.openBoard()).page] as const;
  const [page] = tabs;
  const ref = await page.locator(`[data-status=backlog] :is(${ownCard})`).first().getAttribute("data-ref");
  assert.ok(ref);
  const before = await askBoard();
  await changeInvented(stage.harness, ref, {
    stateId: "s-review",
    title: "Moved while you looked",
    nativePriority: "1",
  });
  for (const tab of tabs) {
    await tab.waitForSelector(`[data-status=in_review] .card[data-ref="${ref}"]`);
    assert.match(await tab.locator(`.card[data-ref="${ref}"] .card-title`).innerText(), /Moved while you looked/);
  }
  const backlog = before.columns.find(({ status }) => status === "backlog")?.total ?? 0;
  assert.equal(await page.locator("[data-status=backlog] .column-count").innerText(), String(backlog - 1));
  assert.match(await page.locator("output[aria-live]").innerText(), new RegExp(`${ref} moved to In Review`));
  for (const tab of tabs) await tab.close();
});

test("shows the progress of a running sync", async () => {
  const { page } = await stage.openBoard();
  // Emit it once the page listens to the events.
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/api/watch")),
  );
  const progress = { type: "progress", connection: "alpha", source: "alpha:acme/app", total: 4000 } as const;
  stage.harness.sync.emit({ ...progress, done: 1200, finished: false });
  await page.waitForFunction(() => document.querySelector(".bar")?.textContent?.includes("1,200 of about 4,000"));
  stage.harness.sync.emit({ ...progress, done: 4000, finished: true });
  await page.waitForFunction(() => !document.querySelector(".bar")?.textContent?.includes("of about"));
  await page.close();
});

test("a column loads as it is scrolled, with a bounded number of elements", async () => {
  const { page } = await stage.openBoard("/?status=backlog&project=app");
  const board = await askBoard("?status=backlog&project=app");
  const total = board.columns.find(({ status }) => status === "backlog")?.total ?? 0;
  assert.ok(total > 90, `${total} issues in the backlog`);
  const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
  const atFirst = await nodes();
  await page.locator(".card").first().focus();
  const seen = new Set<string>();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-key") ?? "");
  for (let key = await focused(); seen.size < total - 1; key = await focused()) {
    seen.add(key);
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction((before) => document.activeElement?.getAttribute("data-key") !== before, key);
  }
  assert.equal(seen.size, total - 1, "every card but the last had the focus once");
  assert.ok((await nodes()) < atFirst * 1.5);
  await page.close();
});

test("when the server goes down, the page says since when, and continues once it is back", async () => {
  const { port } = stage.harness;
  const { page } = await stage.openBoard();
  await stage.harness.server.stop();
  await page.waitForSelector(".notice");
  assert.match(await page.locator(".notice").innerText(), /Offline since \d\d:\d\d/);
  assert.ok((await page.locator(".card").count()) > 0);
  const { createServer } = await import("../../src/server/server.ts");
  const again = createServer(stage.harness.services, { port });
  await again.start();
  try {
    await page.waitForSelector(".notice", { state: "detached" });
  } finally {
    await page.close();
    await again.stop();
  }
});
