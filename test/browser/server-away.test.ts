// The dashboard while the server is down, and once it is back.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import type { Request } from "playwright-core";
import { changeInvented } from "../support/change-invented.ts";
import { after, before } from "../support/hooks.ts";
import { fillStore } from "../support/invented-issues.ts";
import { startServerHarness } from "../support/server-harness.ts";
import { eventually } from "../support/stage.ts";
import { type DashboardStage, openDashboardStage, startDashboard } from "./dashboard-stage.ts";
import { openRelayed } from "./open-relayed.ts";

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage();
});
after(() => stage.close());

const pages = [
  ["Activity", /\/assets\/activity-page-.*\.js$/],
  ["Agents", /\/assets\/agents-page-.*\.js$/],
  ["Settings", /\/assets\/settings-page-.*\.js$/],
] as const;

test("pages never opened before work while the server is down", async (context) => {
  const { relay, page, address } = await openRelayed(context, stage.harness);
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

test("the Agents page says once that the server is down", async (context) => {
  const { relay, page, address } = await openRelayed(context, stage.harness);
  await page.goto(address);
  await page.getByRole("navigation").getByRole("link", { name: "Agents" }).first().click();
  await page.locator("main").getByRole("heading", { name: "No agents yet" }).waitFor();
  const read = page.waitForEvent("requestfailed", (request) => request.url().includes("/api/agents"));
  relay.leave();
  await page.locator("main").getByText("Offline since").waitFor();
  await read;
  assert.equal(await page.locator("main").getByText("isn’t responding").count(), 1);
});

test("a page opened while the server is down appears once it is back, even if the tab was not listening yet", async (context) => {
  const { relay, page, address } = await openRelayed(context, stage.harness);
  const left = relay.leaveAt("/assets/live-worker");
  // Preloading may have fetched it before the server went down; on a slow machine it does.
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

test("an issue opened while the server is down appears once it is back, even if its chunk had not loaded", async (context) => {
  const { relay, page, address } = await openRelayed(context, stage.harness);
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

test("a read that hangs on a broken connection is repeated once there is a new one, and so are later reads", async (context) => {
  const { relay, page, address } = await openRelayed(context, stage.harness);
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
    // The first read is never answered.
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

test("a connection that looks open but delivers nothing is reopened", async (context) => {
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

test("a page restored from the back/forward cache notices that the server has returned", async (context) => {
  const { relay, page, address } = await openRelayed(context, stage.harness);
  const listening = relay.passed("event: change");
  await page.goto(address);
  await page.locator(".card[data-ref]").first().waitFor();
  await listening;
  relay.leave();
  const notice = page.locator(".notice", { hasText: "Offline since" });
  await notice.waitFor();
  // Simulates the back/forward cache, which the tests' browser does not have.
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

/**
 * Replaces a built dashboard by one whose scripts all have other names, as those of the next version have: each contains the names of those that it loads. If some
 * kept theirs, a page from before would load them, and with them a second copy of the dashboard.
 */
function putNextVersion(webRoot: string): void {
  const files = readdirSync(webRoot, { recursive: true, encoding: "utf8" });
  const scripts = files.map((file) => basename(file)).filter((file) => /-[\w-]{8}\.js$/.test(file));
  const later = new Map(scripts.map((name, index) => [name, name.replace(/.{8}\.js$/, `Upd${10_000 + index}.js`)]));
  assert.ok(scripts.length > 20);
  for (const file of files.filter((name) => /\.(?:js|html)$/.test(name))) {
    const text = readFileSync(join(webRoot, file), "utf8");
    rmSync(join(webRoot, file));
    const renamed = later.get(basename(file)) ?? basename(file);
    writeFileSync(
      join(webRoot, dirname(file), renamed),
      text.replaceAll(/[\w.-]+\.js/g, (name) => later.get(name) ?? name),
    );
  }
}

test("a page from before an update says so, whichever chunk fails to load, and offers to reload", async (context) => {
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

  putNextVersion(webRoot);

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
