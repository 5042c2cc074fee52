// Visual details: forms that look the same whatever was opened before, readable titles, narrow and zoomed windows, print, and forced colours.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startEmulator } from "../../emulators/start.ts";
import type { Emulator } from "../../emulators/emulator.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import type { IssueListShape, IssueShape } from "../../src/server/contract/issue.ts";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import {
  eventually,
  isSynced,
  makeHome,
  oneProject,
  type PanServer,
  startPan,
  untilTrackers,
} from "../support/stage.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

let github: Emulator;
let linear: Emulator;
let home: PanHome;
let server: PanServer;
let browser: TestBrowser;

before(async () => {
  github = await startEmulator("github", { issues: 20, seed: 5, sources: 1 });
  linear = await startEmulator("linear", { issues: 20, seed: 5, sources: 1 });
  home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  server = await startPan(home);
  await untilTrackers(server, (shape) => isSynced(shape), "synced");
  browser = await openBrowser();
});

after(async () => {
  await browser.close();
  await server.stop();
  await Promise.all([github.close(), linear.close()]);
});

async function open(path: string, width = 1440, height = 900): Promise<Page> {
  const { page } = await browser.open();
  await page.setViewportSize({ width, height });
  await goTo(page, server, path);
  return page;
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return (await response.json()) as T;
}

async function issuesOf(tracker: string): Promise<readonly IssueShape[]> {
  return (await ask<IssueListShape>("GET", `/api/issues?tracker=${tracker}&limit=5`)).issues;
}

const at = ({ address }: IssueShape) => `/api/issues/${encodeURIComponent(address)}`;

test("a new issue's fields are stacked, also after the settings were opened", async () => {
  const page = await open("/settings/projects/one");
  await page.locator(".state-cell").first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.locator(".card[data-ref]").first().waitFor();
  await page.keyboard.press("c");
  await page.locator(".create [data-field=status]").waitFor();
  const rows = await page.locator(".create .form-row").evaluateAll((all) =>
    all.map((row) => {
      const field = row.querySelector(".field, .picker");
      return { row: row.getBoundingClientRect().height, field: field?.getBoundingClientRect().height };
    }),
  );
  assert.ok(rows.length > 3);
  for (const { row, field } of rows) assert.equal(row, field);
  await page.close();
});

test("list titles are readable at every width", async () => {
  const page = await open("/list");
  await page.locator(".row-link").first().waitFor();
  for (const width of [720, 960, 1180, 1280, 1400, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const box = await page.locator(".list-title").first().boundingBox();
    assert.ok(box !== null && box.width >= 220, `${width}: ${box?.width}`);
    const overflow = await page.locator(".list-scroll").evaluate((list) => list.scrollWidth - list.clientWidth);
    assert.ok(overflow <= 0, `${width}: ${overflow} px beyond the window`);
  }
  await page.close();
});

test("a long name of a group stays on one line and leaves its count readable", async () => {
  const projects = readFileSync(home.paths.projectsFile, "utf8");
  home.write(
    "projects",
    projects.replace("  one:\n", `  one:\n    name: "${"Logistics of the northern harbour ".repeat(4)}"\n`),
  );
  const page = await open("/?group=project");
  const head = page.locator(".column-head", { hasText: "northern harbour" });
  await head.waitFor();
  assert.equal(await head.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), 0);
  const name = await head.locator("h2").boundingBox();
  assert.ok(name !== null && name.height <= 24, `${name?.height} px high`);
  const count = await head.locator(".column-count").boundingBox();
  const menu = await head.locator("button").last().boundingBox();
  assert.ok(count !== null && menu !== null && count.x + count.width <= menu.x);
  home.write("projects", projects);
  await page.close();
});

test("the window's title names what it shows, and an unknown path highlights no page in the sidebar", async () => {
  const page = await open("/");
  const isCalled = (name: string) => page.waitForFunction((title) => document.title === title, `${name} · Panopticon`);
  await isCalled("All work");
  const card = page.locator(".card[data-ref]").first();
  const ref = await card.getAttribute("data-ref");
  const title = await card.locator(".card-title").innerText();
  await card.click();
  await isCalled(`${ref} ${title}`);
  await page.keyboard.press("Escape");
  await isCalled("All work");
  for (const [path, name] of [
    ["/agents", "Agents"],
    ["/activity", "Activity"],
    ["/settings", "Settings"],
  ] as const) {
    await page.goto(`${server.url}${path}`);
    await isCalled(name);
  }
  await page.goto(`${server.url}/nowhere/at/all`);
  await isCalled("Page not found");
  assert.equal(await page.locator("[aria-current=page]").count(), 0);
  await page.getByRole("link", { name: "Go to board" }).click();
  await isCalled("All work");
  assert.equal(await page.locator(".side-link[aria-current=page]").first().innerText(), "Board");
  await page.close();
});

test("an issue with very many labels shows some, and how many more there are", async () => {
  const [issue] = await issuesOf("github");
  assert.ok(issue);
  const labels = Array.from({ length: 40 }, (_, index) => `label number ${index}`);
  const { labels: all } = await ask<IssueShape>("PATCH", at(issue), { addLabels: labels });
  assert.ok(all.length >= 40);
  const page = await open(`/issues/${encodeURIComponent(issue.address)}`);
  const property = page.locator(".property", { hasText: "Labels" });
  const more = property.getByText(`+${all.length - 12}`, { exact: true });
  await more.waitFor();
  assert.equal(await property.locator(".chip").count(), 12);
  assert.match((await more.getAttribute("title")) ?? "", /label number \d+, label number \d+/);
  await page.close();
});

test("prints an issue completely, without its surroundings", async () => {
  const [issue] = await issuesOf("github");
  assert.ok(issue);
  const page = await open(`/issues/${encodeURIComponent(issue.address)}`, 1440, 500);
  await page.locator(".composer").waitFor();
  await page.emulateMedia({ media: "print" });
  for (const around of [".side", ".bar", ".composer"]) assert.equal(await page.locator(around).isVisible(), false);
  const cut = await page.locator(".issue-scroll").evaluate((text) => text.scrollHeight - text.clientHeight);
  assert.equal(cut, 0);

  await page.emulateMedia({ media: "screen" });
  await page.getByRole("link", { name: "Board" }).first().click();
  await page.locator(".card[data-ref]").first().click();
  await page.locator(".issue-panel .composer").waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".card").first().isVisible(), false);
  assert.equal(await page.locator(".issue-panel .property").first().isVisible(), true);
  const panel = await page.locator(".issue-panel").evaluate((one) => one.getBoundingClientRect().width);
  assert.equal(panel, 1440);
  await page.close();
});

test("selection is visible with forced colours", async () => {
  const page = await open("/");
  await page.emulateMedia({ forcedColors: "active" });
  const cards = page.locator(".card[data-ref]");
  await cards.first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press("ArrowDown");
  await page.locator(".bulk-bar").waitFor();
  const outline = (at: number) => cards.nth(at).evaluate((card) => getComputedStyle(card).outlineStyle);
  assert.equal(await outline(0), "solid");
  assert.equal(await outline(2), "none");
  await page.close();
});

/** Asserts that the bar's items stand beside one another, with their whole texts; one that ends in an ellipsis is cut on purpose. */
async function assertBarFits(page: Page, width: number): Promise<void> {
  const boxes = await page.locator(".bar").evaluate((bar) =>
    [...bar.children]
      .map((child) => ({ text: child.textContent, box: child.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0)
      .map(({ text, box }) => ({ text, left: box.left, right: box.right })),
  );
  for (const [index, { text, right }] of boxes.entries()) {
    assert.ok(right <= width, `${page.url()}: ${text} ends at ${right}`);
    const next = boxes[index + 1];
    assert.ok(next === undefined || right <= next.left + 0.5, `${page.url()}: ${text} lies over ${next?.text}`);
  }
  const cut = await page
    .locator(".bar :is(.bar-state, .search-button)")
    .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
  assert.deepEqual(cut, [], page.url());
}

test("the reason why issues are not mirrored is shortened before anything in the bar overlaps", async () => {
  await ask("PATCH", "/api/projects/one", { history: "1d" });
  await ask("POST", "/api/trackers/github/sync?sweep=true");
  for (const width of [1180, 1280, 1440]) {
    const page = await open("/?status=backlog", width, 450);
    await page.locator(".bar").getByText("Synced").waitFor();
    await page.locator(".bar").getByText("not mirrored").first().waitFor({ state: "attached" });
    await assertBarFits(page, width);
    await page.close();
  }
});

test("at 200% zoom, the bar's items do not overlap or overflow", async () => {
  const [first, second] = await issuesOf("github");
  const [third] = await issuesOf("linear");
  assert.ok(first && second && third);
  const control = (emulator: Emulator, method: string, path: string, body?: unknown) =>
    fetch(new URL(`/_emulator${path}`, emulator.url), {
      method,
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  // A rejection, a conflict, a waiting change, and a tracker with a problem.
  await control(github, "DELETE", `/issues/${encodeURIComponent(first.nativeId)}`);
  await ask("PATCH", at(first), { title: "Never written" });
  await control(github, "PATCH", `/issues/${encodeURIComponent(second.nativeId)}`, { title: "Theirs" });
  await ask("PATCH", at(second), { title: "Mine" });
  await eventually(async () => {
    const { operations } = await ask<OutboxShape>("GET", "/api/outbox");
    const states = new Set(operations.map(({ state }) => state));
    return states.has("refused") && states.has("conflict") ? true : undefined;
  }, "a refusal and a conflict");
  await control(linear, "POST", "/faults", { kind: "revoked", times: null });
  await ask("PATCH", at(third), { title: "Not written yet" });
  await ask("POST", "/api/trackers/linear/sync").catch(() => undefined);
  await untilTrackers(server, ({ trackers }) => trackers.some(({ health }) => health === "auth"), "in trouble");

  for (const path of ["/", "/list", `/issues/${encodeURIComponent(second.address)}`, "/activity"]) {
    const page = await open(path, 720, 450);
    await page.locator(".bar").getByText("1 failed, 1 conflict").waitFor({ state: "attached" });
    await page.locator(".bar").getByText("1 write").waitFor({ state: "attached" });
    await assertBarFits(page, 720);
    await page.close();
  }
});
