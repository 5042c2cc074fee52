import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { Emulator, World } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import type { BoardShape, FacetsShape, IssueListShape } from "../../src/server/contract/issue.ts";
import { findTracker } from "../../src/trackers/registry.ts";
import { assertQuiet, goToBoard, untilTotal, untilTrackerSays } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { isSynced, makeHome, type PanServer, sourceOf, startPan, untilTrackers } from "../support/stage.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

const limit = { timeout: 120_000 };

/** The editions of a tracker whose boards differ. */
const editions: Readonly<Record<string, readonly string[]>> = { jira: ["cloud", "data-center"] };

/** Each tracker and edition, as the only connected one. */
const setUps = emulatedTrackers.flatMap((tracker): readonly { tracker: string; variant?: string }[] =>
  (editions[tracker] ?? [undefined]).map((variant) => ({ tracker, ...(variant && { variant }) })),
);

/** Words that no made-up issue contains, and a text with markup that every tracker stores differently. */
const written = {
  title: "A lighthouse that answers",
  body: "It must be seen **from the harbour**, by `quartermasters` too.\n\n- first\n- second",
  comment: "Seen from **elsewhere**",
};

let browser: TestBrowser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

for (const { tracker, variant } of setUps) {
  test(`${tracker}${variant === undefined ? "" : ` (${variant})`} alone fills the board`, limit, async () => {
    const definition = findTracker(tracker);
    const sourceKey = definition?.sourceKeys[0]?.key;
    assert.ok(definition && sourceKey);
    await using emulator = closing(await startEmulator(tracker, { issues: 30, seed: 11, ...(variant && { variant }) }));
    const { world } = emulator;
    const source = sourceOf(emulator);
    const { label, nativeId } = writeIssue(world, source);
    await using home = makeHome({
      emulators: [emulator],
      projects: `projects:\n  one:\n    history: all\n    ${sourceKey}: ${source}\n`,
    });
    const server = await startPan(home);
    const { trackers } = await untilTrackers(server, (shape) => isSynced(shape), "synced");
    const connected = trackers.filter(({ health }) => health !== "not_configured");
    assert.deepEqual(
      connected.map(({ connection, error }) => [connection, error]),
      [[tracker, null]],
    );
    const issues = world.issues(source);
    const { page, complaints } = await browser.open();
    await goToBoard(page, server);
    await untilTotal(page, issues.length);

    await assertBoard(page, server, definition.label);
    await page.locator(`use[href="#t-${tracker}"]`).first().waitFor({ state: "attached" });
    const login = connected[0]?.account?.login ?? "";
    await assertFilters(page, server, {
      "assignee:me": issues.filter(({ assignees }) => assignees.includes(login)).length,
      [`label:${label}`]: issues.filter(({ labels }) => labels.includes(label)).length,
    });
    await search(page, "quartermas", [written.title]);
    await search(page, "lighthouse", [written.title]);
    world.comment(nativeId, written.comment);
    await assertPanel(page, label);
    await page.locator(".filter-input").fill("");
    await untilTotal(page, issues.length);
    assertQuiet(complaints);
    await page.close();

    assert.equal((await server.stop()).code, 0);
    const [listed, checked] = await Promise.all([home.pan("issues", "--json", "--limit", "1"), home.pan("doctor")]);
    assert.equal((JSON.parse(listed.stdout) as IssueListShape).total, issues.length);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  });
}

function closing(emulator: Emulator): Emulator & AsyncDisposable {
  return { ...emulator, [Symbol.asyncDispose]: () => emulator.close() };
}

/** Creates the issue to search for, with a label and an assignee that others have too. */
function writeIssue(world: World, source: string): { readonly nativeId: string; readonly label: string } {
  const issues = world.issues(source);
  const label = issues.flatMap(({ labels }) => labels)[0];
  const login = issues.flatMap(({ assignees }) => assignees)[0];
  assert.ok(label !== undefined && login !== undefined);
  const { title, body } = written;
  const { nativeId } = world.create(source, { title, body, labels: [label], assignees: [login] });
  return { nativeId, label };
}

async function assertBoard(page: Page, server: PanServer, label: string): Promise<void> {
  const board = await server.get<BoardShape>("/api/board");
  assert.deepEqual(board.notMirrored, []);
  assert.ok(board.columns.filter(({ total }) => total > 0).length >= 3, "several columns are filled");
  const shown = await page.locator(".board .column-count").allInnerTexts();
  assert.deepEqual(
    shown.map(Number),
    board.columns.map(({ total }) => total),
  );
  for (const { status, issues } of board.columns) {
    const [first] = issues;
    // Collapsed until opened.
    if (first === undefined || status === "canceled") continue;
    const card = page.locator(`[data-status=${status}] .card[data-ref]`).first();
    assert.equal(await card.getAttribute("data-ref"), first.ref);
    assert.equal(await card.locator(".card-title").innerText(), first.title);
  }
  await untilTrackerSays(page, label, /^synced /);
  assert.equal(await page.locator("nav.trackers .tracker-row").count(), 1, "what is not used is not shown");
  const problems = page.locator(".bar").getByRole("button", { name: /problem/ });
  assert.equal(await problems.count(), 0);
}

/** Types the given conditions and those from the tracker's own vocabulary, checks the count of each, and removes it. */
async function assertFilters(page: Page, server: PanServer, given: Readonly<Record<string, number>>): Promise<void> {
  const facets = await server.get<FacetsShape>("/api/facets");
  const { columns } = await server.get<BoardShape>("/api/board");
  const [column] = columns.toSorted((a, b) => b.total - a.total);
  assert.ok(column);
  const expected = new Map(Object.entries(given));
  expected.set(`status:${column.status}`, column.total);
  for (const key of ["types", "cycles"] as const) {
    const [most] = facets[key];
    if (most !== undefined) expected.set(`${key.slice(0, -1)}:${most.name}`, most.issues);
  }
  const chip = page.locator("span.filter-chip");
  await page.keyboard.press("f");
  for (const [condition, total] of expected) {
    await page.keyboard.type(condition);
    await page.keyboard.press("Enter");
    await chip.waitFor();
    const [key = ""] = condition.split(":");
    assert.equal(`${key}:${new URL(page.url()).searchParams.get(key)}`, condition);
    await untilShown(page, total);
    await page.keyboard.press("Backspace");
    await chip.waitFor({ state: "detached" });
  }
}

/** Searches for a text and checks that exactly these cards remain. */
async function search(page: Page, text: string, titles: readonly string[]): Promise<void> {
  await page.locator(".filter-input").fill(text);
  await page.waitForURL((url) => url.searchParams.get("q") === text);
  await untilShown(page, titles.length);
  assert.deepEqual(await page.locator(".card[data-ref] .card-title").allInnerTexts(), titles);
}

/** Waits until the board's total is this. */
async function untilShown(page: Page, total: number): Promise<void> {
  await page.locator(".bar-total", { hasText: new RegExp(`^${total}( of \\d+)? issues?$`) }).waitFor();
}

/** Checks that the panel shows the whole issue and closes onto the board. */
async function assertPanel(page: Page, label: string): Promise<void> {
  await page.locator(".card", { hasText: written.title }).click();
  const panel = page.locator(".issue-panel");
  await panel.locator(".issue-title", { hasText: written.title }).waitFor();
  const text = panel.locator(".issue-text .prose");
  assert.equal(await text.locator("strong").innerText(), "from the harbour");
  assert.equal(await text.locator("code").innerText(), "quartermasters");
  assert.deepEqual(await text.locator("li").allInnerTexts(), ["first", "second"]);
  const properties = await panel.locator(".properties").innerText();
  assert.ok(properties.includes(label), properties);
  assert.doesNotMatch(properties, /Unassigned/);
  await panel.locator(".comment strong", { hasText: "elsewhere" }).waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
}
