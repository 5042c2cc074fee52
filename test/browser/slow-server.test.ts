// The dashboard while the server has not responded, or responds to some calls only.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { signIn } from "../support/board.ts";
import { changeInvented } from "../support/change-invented.ts";
import { after, before } from "../support/hooks.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage();
});
after(() => stage.close());

/** Opens a page whose requests matching `held` get no response until `release` is called. */
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

test("does not claim that everything is written before the outbox has loaded", async () => {
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
  ["/settings/projects/app", /\/api\/projects(\?|$)/, ".mapping"],
  ["/settings/projects/app", /\/api\/projects\/app\/states/, ".mapping"],
  ["/settings/agents", /\/api\/agent-profiles/, ".agent-profiles b"],
  ["/agents", /\/api\/agents(\?|$)/, ".empty"],
] as const) {
  test(`${path} shows a placeholder until ${read} is answered`, async () => {
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

for (const layout of ["/", "/list"]) {
  test(`${layout} says that it loads a filter's issues, instead of the former one's counts`, async () => {
    const { page, release } = await openHeld(layout, /\/api\/board\?.*label=bug/);
    await page.locator("[data-ref]").first().waitFor();
    const total = page.locator(".bar-total");
    const count = page.locator(":is(.column-head, .list-fold) .column-count").first();
    assert.match(await total.innerText(), /^\d+ issues$/);
    await page.keyboard.press("f");
    await page.keyboard.type("label:bug");
    await page.keyboard.press("Enter");
    await total.filter({ hasText: "Loading…" }).waitFor();
    assert.equal(await page.locator("[aria-busy=true] [data-ref]").first().isVisible(), true);
    assert.equal(await count.isVisible(), false);
    release();
    await total.filter({ hasText: /^\d+ of \d+ issues$/ }).waitFor();
    assert.equal(await count.isVisible(), true);
    await page.close();
  });
}

test("an issue's header shows immediately what its card knows: the tracker, and a link to it", async () => {
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

test("an issue opened while the server is down shows its card's data, and loads once the server is back", async () => {
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

test("Escape dismisses what failed to open because the server is down", async () => {
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

test("a palette that failed to open leaves keys to the page and the message", async () => {
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

test("Escape cancels what is still loading, and it does not open later", async () => {
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

test("an issue that loads late does not cover a dialog opened meanwhile", async () => {
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
  // A hidden element would not be found by role.
  await title.press("End");
  assert.equal(await title.inputValue(), "Begun before");
  assert.ok(await title.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Escape");
  await page.locator(".issue-panel .issue-title").waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".issue-panel") !== null);
  await page.close();
});

test("what failed to open appears as soon as a read succeeds, even though the stream was up all along", async () => {
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

test("a failed read is repeated, although no event follows", async () => {
  const { page } = await stage.browser.open();
  await signIn(page, stage.harness.server.openAddress());
  await page.goto(stage.harness.url);
  const card = page.locator(".card[data-ref]").first();
  await card.waitFor();
  // Both the read and its retry half a second later.
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
  test(`more of ${layout} is requested once; a failure is shown and retried automatically`, async () => {
    const { page } = await stage.browser.open();
    await signIn(page, stage.harness.server.openAddress());
    const asked: { readonly url: string; readonly at: number }[] = [];
    const more = /\/api\/issues\?.*cursor=/;
    await page.route(more, async (route) => {
      asked.push({ url: route.request().url(), at: performance.now() });
      await route.abort("connectionreset");
    });
    await page.goto(`${stage.harness.url}${layout}?group=tracker`);
    await page.locator("[data-ref]").first().waitFor();
    if (layout === "/") await page.locator(".column-body").first().press("End");
    const note = page.getByRole("alert").filter({ hasText: "The Panopticon server isn’t responding" });
    await note.waitFor();
    // Each column asks for itself; none asks again before its retry, three seconds later.
    for (const { url, at } of asked) {
      const again = asked.find((one) => one.url === url && one.at > at);
      assert.ok(again === undefined || again.at - at > 2_500, `asked twice for ${url}`);
    }
    await page.unroute(more);
    await note.waitFor({ state: "detached" });
    await page.close();
  });
}

test("credentials that could not be saved stay in the form, with the reason", async () => {
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
