import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { BoardShape, IssueDetailShape } from "../../src/server/contract/issue.ts";
import type { NativeIssue } from "../../src/domain/issue.ts";
import { after, before } from "../support/hooks.ts";
import { inventedIssue, putIssues } from "../support/invented-issues.ts";
import { eventually } from "../support/stage.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

const hostileTitle = `\u202Etxet desrever\u202C \u200B\u200D${"W".repeat(10_000)} <img src=x onerror="window.hacked=1">`;
const hostileLabels = Array.from(
  { length: 500 },
  (_, index) => `${["\u202E", "<b>", "\u200B", "=cmd|' /C'"][index % 4]}label ${index} ${"x".repeat(index % 60)}`,
);
const body = `See MIN-3 first. ${"long".repeat(2500)}

\`\`\`ts
const answer: number = 42; // a comment
\`\`\`

\`\`\`
plain text, no language
\`\`\`
`;

let stage: DashboardStage;
/** Event streams that the server holds open. */
const streams = new Set<IncomingMessage>();

function countStream(message: unknown): void {
  const { request } = message as { request: IncomingMessage };
  if (!request.url?.startsWith("/api/events") || request.socket.localPort !== stage.harness.port) return;
  streams.add(request);
  request.once("close", () => streams.delete(request));
}

before(async () => {
  stage = await openDashboardStage({ issues: 40 });
  subscribe("http.server.request.start", countStream);
  await change(12, {
    title: hostileTitle,
    labelIds: hostileLabels,
    body,
    stateId: "s-progress",
    nativePriority: "1",
    relations: [{ id: "r1", type: "blocks", targetId: "beta:MIN/3" }],
  });
  const { page } = await stage.newTab();
  await page.close();
});

after(async () => {
  unsubscribe("http.server.request.start", countStream);
  await stage.close();
});

/** Changes an issue of the team MIN, as a sync would. */
async function change(number: number, changes: Partial<NativeIssue>): Promise<void> {
  const source = (await stage.harness.store.sources.list()).find(({ config }) => config.key === "MIN");
  assert.ok(source);
  const at = Date.now();
  const issue = inventedIssue(source, number, { updatedAt: at, ...changes });
  const changed = await putIssues(stage.harness.store, source, [issue], at);
  stage.harness.sync.emit({ type: "change", sequence: changed.sequence, refs: changed.refs });
}

async function openBoard(path: string): Promise<Page> {
  const { page } = await stage.browser.open();
  await page.goto(new URL(path, stage.harness.url).href);
  await page.waitForSelector(".card[data-ref], .issue-title");
  return page;
}

/** Resolves once the page listens to the server's events; only then does it report what it shows. */
async function hearsEvents(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/api/watch")),
  );
}

/** The sidebar's issue count of each tracker. */
async function countsOfTrackers(page: Page): Promise<string> {
  return (await page.locator(".tracker-count").allInnerTexts()).join(" ");
}

/** Elements that overflow the page, or their scroll container, sideways. */
function sidewaysOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    ["html", ".column-body", ".card", ".issue-scroll", ".properties"].flatMap((selector) =>
      [...document.querySelectorAll(selector)]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map(() => selector),
    ),
  );
}

/** Scrolls the issue's page; returns false if there is nothing to scroll. */
function scrollBy(page: Page, by: number): Promise<boolean> {
  return page.evaluate((top) => {
    const scroller = [...document.querySelectorAll(".issue-scroll, html, .prose")].find(
      (element) =>
        element.scrollHeight > element.clientHeight + top && getComputedStyle(element).overflowY !== "visible",
    );
    const from = scroller?.scrollTop;
    scroller?.scrollBy({ top, behavior: "instant" });
    return scroller !== undefined && scroller.scrollTop !== from;
  }, by);
}

test("ten tabs share one event stream, and the tenth is as live as the first", async () => {
  const pages = await Promise.all(Array.from({ length: 10 }, () => openBoard("/?tracker=beta")));
  await Promise.all(pages.map(hearsEvents));
  assert.equal(streams.size, 1, "open event streams");
  await change(6, { title: "Told to everybody" });
  await Promise.all(pages.map((page) => page.locator(".card", { hasText: "Told to everybody" }).waitFor()));
  const [first, ...others] = pages;
  const last = others.at(-1);
  assert.ok(first && last);
  await first.close();
  await change(6, { title: "Told to those who stayed" });
  await last.locator(".card", { hasText: "Told to those who stayed" }).waitFor();
  assert.equal(streams.size, 1, "open event streams");
  await Promise.all(others.map((page) => page.close()));
});

test("a tab whose code loads slowly learns what happened since its first requests", async () => {
  const first = await openBoard("/");
  await hearsEvents(first);
  const { page } = await stage.browser.open();
  const code = Promise.withResolvers<void>();
  await page.route(/\/assets\/.*\.js$/, async (route) => {
    await code.promise;
    await route.continue();
  });
  const asked = page.waitForResponse(/\/api\/trackers$/);
  await page.goto(stage.harness.url, { waitUntil: "commit" });
  await (await asked).finished();
  const before = await countsOfTrackers(first);
  await change(4000, { title: "New since" });
  const after = await eventually(async () => {
    const counts = await countsOfTrackers(first);
    return counts === before ? undefined : counts;
  }, "the tab that listens has the new count");
  code.resolve();
  // Sooner than the trackers are polled anyway.
  await eventually(
    async () => ((await countsOfTrackers(page)) === after ? true : undefined),
    "the tab that came later has it, too",
    { timeoutMs: 8000, describe: () => countsOfTrackers(page) },
  );
  await page.close();
  await first.close();
});

test("the first board is requested once, before the dashboard's own code", async () => {
  const page = await openBoard("/?label=bug&sort=-updated");
  const reads = await page.evaluate(() => {
    const entries = performance.getEntriesByType("resource");
    return entries.map(({ name }) => new URL(name)).filter(({ pathname }) => pathname === "/api/board").length;
  });
  assert.equal(reads, 1);
  await page.close();
});

test("grouped by native state, each column is one state with a correct count", async () => {
  const page = await openBoard("/?group=state&tracker=beta");
  await page.locator(".column[data-group='Code Review'] .card[data-ref]").first().waitFor();
  const groups = await page
    .locator(".column")
    .evaluateAll((columns) => columns.map((column) => column.getAttribute("data-group")));
  assert.deepEqual(groups, ["Backlog", "Spec", "In Progress", "Code Review", "Done", "Canceled"]);
  const { total } = JSON.parse(
    (await stage.harness.ask("/api/board?state=code%20review&tracker=beta")).text,
  ) as BoardShape;
  assert.ok(total > 0);
  const shown = page.locator(".column[data-group='Code Review'] .column-count");
  assert.equal(await shown.innerText(), String(total));
  await page.close();
});

test("500 labels and a hostile title break neither the board nor the issue's page", async () => {
  const page = await openBoard("/?tracker=beta");
  const card = page.locator(".card[data-ref='MIN-12']");
  await card.waitFor();
  assert.match(await card.innerText(), /\+49[89]/);
  assert.ok(((await card.boundingBox())?.height ?? Infinity) < 160);
  assert.deepEqual(await sidewaysOverflow(page), []);
  await card.click();
  await page.locator(".issue-panel .prose").waitFor();
  await page.locator(".issue-panel .properties").getByText("+488", { exact: true }).waitFor();
  assert.equal(await page.locator(".issue-panel .properties .chip").count(), 12);
  assert.deepEqual(await sidewaysOverflow(page), []);
  assert.equal(await page.evaluate(() => Reflect.get(window, "hacked") as unknown), undefined);
  await page.close();
});

test("code with a language is highlighted, other code is not; hovering a ref previews its issue", async () => {
  const page = await openBoard("/issues/MIN-12");
  await page.locator(".prose code.hljs .hljs-keyword").first().waitFor();
  assert.equal(await page.locator(".prose pre > code").count(), 2);
  assert.equal(await page.locator(".prose code.hljs").count(), 1);
  const { title } = JSON.parse((await stage.harness.ask("/api/issues/MIN-3")).text) as IssueDetailShape;
  const link = page.locator(".prose a.ref-link", { hasText: "MIN-3" });
  const card = page.locator(".hover-card", { hasText: title });
  await link.hover();
  await card.waitFor();
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "detached" });
  // If the page still scrolls a little under the resting pointer, the card stays.
  await page.mouse.move(0, 0);
  await link.hover();
  assert.equal(await scrollBy(page, 3), true, "the page scrolls");
  await card.waitFor();
  await page.close();
});

test("on a phone, a card's button moves it to another column", async () => {
  const { page } = await stage.browser.open();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(stage.harness.url);
  const card = page.locator(".column[data-status=backlog] .card-box").first();
  const ref = await card.locator(".card").getAttribute("data-ref");
  const key = await card.locator(".card").getAttribute("data-key");
  await card.locator(".card-move").click();
  const dialog = page.getByRole("dialog", { name: `Move ${ref}` });
  await dialog.getByRole("option", { name: /^In Review/ }).click();
  await page.locator(`.column[data-status=in_review] .card[data-key="${key}"]`).waitFor();
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  await page.close();
});
