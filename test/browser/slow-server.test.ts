// What the dashboard says while the server has not answered yet, or does not answer at all.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import type { Page, Request } from "playwright-core";
import { signIn } from "../support/board.ts";
import { changeInvented } from "../support/change-invented.ts";
import { fillStore } from "../support/invented-issues.ts";
import { startServerHarness } from "../support/server-harness.ts";
import { eventually } from "../support/stage.ts";
import { type DashboardStage, openDashboardStage, startDashboard } from "./dashboard-stage.ts";
import { openBrowser } from "./open-browser.ts";
import { startRelay } from "./relay.ts";

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage();
});
after(() => stage.close());

/** Opens a place whose reads that fit `held` get no answer until `release` is called. */
async function openHeld(path: string, held: RegExp): Promise<{ readonly page: Page; readonly release: () => void }> {
  const { page } = await stage.browser.open();
  const answer = Promise.withResolvers<void>();
  await page.route(held, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await signIn(page, stage.harness.server.openAddress());
  await page.goto(`${stage.harness.url}${path}`);
  return { page, release: () => answer.resolve() };
}

test("nothing is said to be written before it is known what is not", async () => {
  const { page, release } = await openHeld("/activity", /\/api\/outbox/);
  const outbox = page.getByRole("complementary", { name: "Outbox" });
  await outbox.locator(".bone").waitFor();
  assert.equal(await outbox.innerText(), "Outbox");
  release();
  await outbox.getByText("all changes written").waitFor();
  assert.equal(await outbox.locator(".bone").count(), 0);
  await page.close();
});

for (const [path, read, then] of [
  ["/settings", /\/api\/trackers/, ".tracker-card"],
  ["/settings/projects", /\/api\/projects/, ".project"],
  ["/settings/agents", /\/api\/agent-profiles/, ".agent-profiles b"],
  ["/agents", /\/api\/agents(\?|$)/, ".empty"],
] as const) {
  test(`${path} shows that something is about to come until it is there`, async () => {
    const { page, release } = await openHeld(path, read);
    const bones = page.locator("main .bone");
    await bones.first().waitFor();
    assert.equal(await page.locator(then).count(), 0);
    release();
    await page.locator(then).first().waitFor();
    assert.equal(await bones.count(), 0);
    await page.close();
  });
}

test("an issue's head says at once what its card knows: the tracker, and the way to it", async () => {
  const { page, release } = await openHeld("/", /\/api\/issues\//);
  await page.locator(".card[data-ref]").first().click();
  await page
    .locator(".issue-head")
    .getByRole("link", { name: /^Open in/ })
    .waitFor();
  assert.equal(await page.locator(".issue-panel .issue-text[aria-busy=true]").count(), 1, "its text is not there yet");
  release();
  await page.locator(".issue-panel .issue-text:not([aria-busy])").waitFor();
  await page.close();
});

test("an issue that is opened while the server is away is what its card says, and is read once the server is back", async () => {
  const { page } = await stage.open();
  const card = page.locator(".card[data-ref]").first();
  await card.waitFor();
  const title = await card.locator(".card-title").innerText();
  await page.route(/\/api\/issues\//, (route) => route.abort("connectionrefused"));
  await card.click();
  const panel = page.locator(".issue-panel");
  await panel.getByText("The Panopticon server isn’t responding").waitFor();
  assert.equal(await panel.locator(".issue-title").innerText(), title);
  assert.ok(await panel.locator(".properties").isVisible());
  assert.ok(await panel.getByRole("link", { name: /^Open in/ }).isVisible());
  await page.unroute(/\/api\/issues\//);
  await panel.getByRole("button", { name: "Retry" }).click();
  await panel.locator(".issue-text").waitFor();
  await panel.getByText("The Panopticon server isn’t responding").waitFor({ state: "detached" });
  await page.close();
});

test("what could not be opened since the server is away is closed by Escape", async () => {
  const { page } = await stage.browser.open();
  await page.route(/\/assets\/issue-panel-.*\.js$/, (route) => route.abort());
  await signIn(page, stage.harness.server.openAddress());
  await page.goto(stage.harness.url);
  await page.locator(".card[data-ref]").first().click();
  const note = page.getByRole("alert").filter({ hasText: "This opens when the server is back" });
  await note.waitFor();
  await page.keyboard.press("Escape");
  await note.waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname, "/");
  await page.close();
});

test("a palette that could not be opened leaves the keys to the page and to its message", async () => {
  const { page } = await stage.browser.open();
  await page.route(/\/assets\/palette-.*\.js$/, (route) => route.abort());
  await signIn(page, stage.harness.server.openAddress());
  await page.goto(stage.harness.url);
  await page.locator(".card[data-ref]").first().focus();
  await page.keyboard.press("Control+k");
  const note = page.getByRole("alert").filter({ hasText: "This opens when the server is back" });
  await note.waitFor();
  await page.keyboard.press("x");
  await page.getByRole("toolbar", { name: "1 selected" }).waitFor();
  await note.getByRole("button", { name: "Close" }).press("Enter");
  await note.waitFor({ state: "detached" });
  await page.close();
});

test("what is still on its way is closed by Escape, and does not open later", async () => {
  const { page, release } = await openHeld("/", /\/assets\/issue-panel-.*\.js$/);
  const card = page.locator(".card[data-ref]").first();
  await card.click();
  await page.waitForURL(/\/issues\//);
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => url.pathname === "/");
  const loaded = page.waitForEvent("requestfinished", (request) => request.url().includes("/assets/issue-panel-"));
  release();
  await loaded;
  await card.press("j");
  assert.equal(await page.locator(".issue-panel").count(), 0);
  await page.close();
});

test("an issue that comes late does not come over the dialog that was opened meanwhile", async () => {
  const { page, release } = await openHeld("/", /\/assets\/issue-panel-.*\.js$/);
  await page.locator(".card[data-ref]").first().click();
  await page.waitForURL(/\/issues\//);
  await page.keyboard.press("c");
  const title = page.getByRole("dialog", { name: "New issue" }).getByRole("textbox", { name: "Title" });
  await title.fill("Begun before");
  const loaded = page.waitForEvent("requestfinished", (request) => request.url().includes("/assets/issue-panel-"));
  release();
  await loaded;
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  // What is hidden would not be found by its role any more.
  await title.press("End");
  assert.equal(await title.inputValue(), "Begun before");
  assert.ok(await title.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Escape");
  await page.locator(".issue-panel .issue-title").waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".issue-panel") !== null);
  await page.close();
});

test("what could not be opened is there as soon as a read of it gets an answer, though the stream stood all the time", async () => {
  const { page } = await stage.browser.open();
  const panel = /\/assets\/issue-panel-.*\.js$/;
  await page.route(panel, (route) => route.abort());
  await signIn(page, stage.harness.server.openAddress());
  await page.goto(stage.harness.url);
  await page.locator(".card[data-ref]").first().click();
  await page.getByRole("alert").filter({ hasText: "This opens when the server is back" }).waitFor();
  await page.unroute(panel);
  await page.locator(".issue-panel .issue-title").waitFor();
  await page.close();
});

/** Opens the board through a relay, in a browser that takes it for the server. */
async function openRelayed(context: TestContext, served = stage.harness) {
  const { port } = served;
  const relay = await startRelay(port);
  const own = await openBrowser({ switches: [`--host-resolver-rules=MAP localhost:${port} 127.0.0.1:${relay.port}`] });
  const { page } = await own.open();
  const address = new URL(served.server.openAddress());
  address.hostname = "localhost";
  context.after(async () => {
    await own.close();
    relay.close();
  });
  return { relay, page, address: address.href };
}

const pages = [
  ["Activity", /\/assets\/activity-page-.*\.js$/],
  ["Agents", /\/assets\/agents-page-.*\.js$/],
  ["Settings", /\/assets\/settings-page-.*\.js$/],
] as const;

test("pages that were never opened are there while the server is away", async (context) => {
  const { relay, page, address } = await openRelayed(context);
  const underWay = new Set<Request>();
  page.on("request", (request) => /\/assets\/(?!live-worker)/.test(request.url()) && underWay.add(request));
  page.on("requestfinished", (request) => underWay.delete(request));
  page.on("requestfailed", (request) => underWay.delete(request));
  const loaded = Promise.all(pages.map(([, part]) => page.waitForResponse((response) => part.test(response.url()))));
  await page.goto(address);
  await loaded;
  await eventually(() => (underWay.size === 0 ? true : undefined), "what belongs to them is there, too");
  relay.leave();
  for (const [name] of pages) {
    await page.getByRole("navigation").getByRole("link", { name }).first().click();
    await page.locator("main").getByRole("heading", { name, exact: true }).first().waitFor();
  }
});

test("a page that is opened while the server is away is shown once it is back, also where the tab had not begun to listen", async (context) => {
  const { relay, page, address } = await openRelayed(context);
  const left = relay.leaveAt("/assets/live-worker");
  // It may have come before the server left: on a slow machine it does.
  const part = /\/assets\/settings-page-.*\.js$/;
  await page.route(part, (route) => route.abort());
  await page.goto(address);
  await page.locator(".card[data-ref]").first().waitFor();
  await left;
  await page.getByRole("navigation").getByRole("link", { name: "Settings" }).first().click();
  const note = page.getByRole("alert").filter({ hasText: "The Panopticon server isn’t responding" });
  await note.waitFor();
  await page.unroute(part);
  relay.comeBack();
  await note.waitFor({ state: "detached" });
  await page.locator("main").getByRole("heading", { name: "Settings", exact: true }).first().waitFor();
});

test("an issue that is opened while the server is away is shown once it is back, also where its part of the program had not come", async (context) => {
  const { relay, page, address } = await openRelayed(context);
  const panel = /\/assets\/issue-panel-.*\.js$/;
  await page.route(panel, (route) => route.abort());
  const listening = relay.passed("event: change");
  await page.goto(address);
  const card = page.locator(".card[data-ref]").first();
  await card.waitFor();
  await listening;
  relay.leave();
  await page.locator(".notice", { hasText: "Offline since" }).waitFor();
  await card.click();
  const note = page.getByRole("alert").filter({ hasText: "This opens when the server is back" });
  await note.waitFor();
  await page.unroute(panel);
  relay.comeBack();
  await page.locator(".issue-panel .issue-title").waitFor();
  assert.equal(await note.count(), 0);
});

test("a read that got no answer is made again, though nothing else has happened since", async () => {
  const { page } = await stage.browser.open();
  await signIn(page, stage.harness.server.openAddress());
  await page.goto(stage.harness.url);
  const card = page.locator(".card[data-ref]").first();
  await card.waitFor();
  // Both the read and its repetition half a second later.
  let failed = 0;
  await page.route(/\/api\/board\?/, async (route) => {
    failed += 1;
    await (failed > 2 ? route.continue() : route.abort("connectionreset"));
  });
  const ref = await card.getAttribute("data-ref");
  await changeInvented(stage.harness, ref ?? "", { title: "Read at the third attempt" });
  await page.locator(".card", { hasText: "Read at the third attempt" }).waitFor();
  assert.ok(failed > 2);
  await page.close();
});

for (const layout of ["/", "/list"]) {
  test(`more of ${layout} is asked for once; what does not come is said, and comes by itself`, async () => {
    const { page } = await stage.browser.open();
    await signIn(page, stage.harness.server.openAddress());
    let asked = 0;
    const more = /\/api\/issues\?.*cursor=/;
    await page.route(more, async (route) => {
      asked += 1;
      await route.abort("connectionreset");
    });
    await page.goto(`${stage.harness.url}${layout}?group=tracker`);
    await page.locator("[data-ref]").first().waitFor();
    if (layout === "/") await page.locator(".column-body").first().press("End");
    const note = page.getByRole("alert").filter({ hasText: "The Panopticon server isn’t responding" });
    await note.waitFor();
    assert.equal(asked, 1);
    await page.unroute(more);
    await note.waitFor({ state: "detached" });
    await page.close();
  });
}

test("credentials that could not be saved are kept, and it is said why", async () => {
  const { page } = await stage.browser.open();
  await signIn(page, stage.harness.server.openAddress());
  await page.goto(`${stage.harness.url}/settings`);
  await page
    .getByRole("button", { name: /^Edit .+ credentials$|^Connect / })
    .first()
    .click();
  const form = page.locator(".credential-form");
  await form.locator("input:not(:disabled)").first().fill("another token");
  await page.route(/\/api\/trackers\/[^/]+\/credentials/, (route) => route.abort("connectionreset"));
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("alert").filter({ hasText: "The Panopticon server isn’t responding" }).waitFor();
  assert.equal(await form.locator("input:not(:disabled)").first().inputValue(), "another token");
  await page.close();
});

test("a read that hangs on a line that broke is made again once a line stands, and so are those after it", async (context) => {
  const { relay, page, address } = await openRelayed(context);
  const listening = relay.passed("event: change");
  await page.goto(address);
  const card = page.locator(".card[data-ref]").first();
  await card.waitFor();
  await listening;
  const ref = (await card.getAttribute("data-ref")) ?? "";
  const asked = Promise.withResolvers<void>();
  let reads = 0;
  await page.route(/\/api\/board\?/, async (route) => {
    reads += 1;
    // The first one is never answered.
    if (reads === 1) asked.resolve();
    else await route.continue();
  });
  await changeInvented(stage.harness, ref, { title: "Asked for in vain" });
  await asked.promise;
  relay.cutStreams();
  await page.locator(".card", { hasText: "Asked for in vain" }).waitFor();
  await changeInvented(stage.harness, ref, { title: "Asked for later" });
  await page.locator(".card", { hasText: "Asked for later" }).waitFor();
});

test("a line that looks open and on which nothing comes any more is opened anew", async (context) => {
  const served = await startDashboard({ heartbeatMs: 300 });
  context.after(() => served.close());
  const { relay, page, address } = await openRelayed(context, served);
  const heartbeat = relay.passed("event: heartbeat");
  await page.goto(address);
  const card = page.locator(".card[data-ref]").first();
  await card.waitFor();
  await heartbeat;
  relay.freezeStreams();
  const ref = await card.getAttribute("data-ref");
  await changeInvented(served, ref ?? "", { title: "Told on another line" });
  await page.locator(".card", { hasText: "Told on another line" }).waitFor();
});

test("a page that the browser had laid aside knows when it is shown again that the server has come back meanwhile", async (context) => {
  const { relay, page, address } = await openRelayed(context);
  const listening = relay.passed("event: change");
  await page.goto(address);
  await page.locator(".card[data-ref]").first().waitFor();
  await listening;
  relay.leave();
  const notice = page.locator(".notice", { hasText: "Offline since" });
  await notice.waitFor();
  // What Back does in a browser that keeps pages; the one of the tests does not.
  const turn = (name: string, persisted: boolean) =>
    page.evaluate(([type, kept]) => dispatchEvent(new PageTransitionEvent(type, { persisted: kept })), [
      name,
      persisted,
    ] as const);
  await turn("pagehide", true);
  const back = relay.passed("event: change");
  relay.comeBack();
  await back;
  await turn("pageshow", true);
  await notice.waitFor({ state: "detached" });
});

test("a page from before an update says so, whatever of it cannot be loaded any more, and asks to be loaded anew", async (context) => {
  const webRoot = mkdtempSync(join(tmpdir(), "panopticon-web-"));
  context.after(() => rmSync(webRoot, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, "../../dist/web"), webRoot, { recursive: true });
  const served = await startServerHarness({ webRoot, prepare: (store) => fillStore(store, 20, Date.now()) });
  context.after(() => served.close());
  const { relay, page, address } = await openRelayed(context, served);
  const missing = /\/assets\/(settings-page|shortcuts-dialog)-.*\.js$/;
  await page.route(missing, (route) => route.fulfill({ status: 404 }));
  const listening = relay.passed("event: change");
  await page.goto(address);
  await page.locator(".card[data-ref]").first().waitFor();
  await listening;

  // The next version: the program is another file.
  const files = readdirSync(webRoot, { recursive: true, encoding: "utf8" });
  const start = files.map((file) => basename(file)).find((file) => /^start-[\w-]{8}\.js$/.test(file)) ?? "";
  const later = "start-AnUpdate.js";
  renameSync(join(webRoot, "assets", start), join(webRoot, "assets", later));
  for (const file of files.filter((name) => /\.(?:js|html)$/.test(name) && !name.endsWith(start))) {
    const path = join(webRoot, file);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(start, later));
  }

  await page.keyboard.press("?");
  const note = page.getByRole("alert").filter({ hasText: "Panopticon was updated" });
  await note.waitFor();
  await page.keyboard.press("Escape");
  await note.waitFor({ state: "detached" });
  await page.getByRole("navigation").getByRole("link", { name: "Settings" }).first().click();
  await page.locator("main").getByRole("heading", { name: "Panopticon was updated" }).waitFor();
  assert.equal(await page.getByText("isn’t responding").count(), 0);

  await page.getByRole("navigation").getByRole("link", { name: "Board" }).first().click();
  relay.cutStreams();
  const notice = page.locator(".notice", { hasText: "Panopticon was updated" });
  await page.unroute(missing);
  const loaded = page.waitForEvent("load");
  await notice.getByRole("button", { name: "Reload" }).click();
  await loaded;
  await page.locator(".card[data-ref]").first().waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
});

test("Enter in the palette waits for the answer, and opens what was asked for, not what was found before", async () => {
  const { page } = await stage.openBoard("/");
  const refs = await page
    .locator(".card[data-ref]")
    .evaluateAll((cards) => cards.map((card) => card.getAttribute("data-ref") ?? ""));
  const [before = ""] = refs;
  const wanted = refs.find((ref) => ref !== before) ?? "";
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search or run a command" });
  await field.fill(before);
  await page.locator(".palette-row[aria-selected=true]", { hasText: before }).waitFor();
  const answer = Promise.withResolvers<void>();
  await page.route(/\/api\/issues\?/, async (route) => {
    await answer.promise;
    await route.continue();
  });
  const asked = page.waitForRequest(/\/api\/issues\?/);
  await field.fill(wanted);
  await field.press("Enter");
  await asked;
  assert.equal(await page.locator(".issue-panel").count(), 0);
  answer.resolve();
  await page.locator(".issue-panel .issue-head", { hasText: wanted }).waitFor();
  await page.close();
});
