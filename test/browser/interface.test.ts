// Edge cases of the interface: narrow windows, right-to-left texts, chunks that fail to load.
import assert from "node:assert/strict";
import { test } from "node:test";
import { after, before } from "../support/hooks.ts";
import { fillStore, inventedIssue, putIssues } from "../support/invented-issues.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";
import { findShownViolations } from "./find-violations.ts";
import { findFalseStates } from "./random-user/states.ts";

const arabic = "تعطيل المصادقة عند استخدام الوضع الداكن في كل الصفحات بعد إعادة التشغيل (v2.0)";

const wideTitle = "Code that is wider than a phone";

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({
    async prepare(store) {
      await fillStore(store, 40, Date.now());
      const [source] = await store.sources.list();
      assert.ok(source);
      const body = `> ${arabic}\n\n- ${arabic}\n\n- ${arabic}\n\n> Read from left to right`;
      const code = `\`\`\`\n${"a long line of code ".repeat(3)}\n\`\`\``;
      await putIssues(
        store,
        source,
        [inventedIssue(source, 1, { title: arabic, body }), inventedIssue(source, 2, { title: wideTitle, body: code })],
        Date.now(),
      );
    },
  });
});
after(() => stage.close());

test("on a phone, a button closes the palette and field lists, which fill the screen", async () => {
  const { page } = await stage.openBoard("/", { width: 390, height: 844 });
  for (const openIt of [
    () => page.getByRole("button", { name: /^Search/ }).click(),
    () =>
      page
        .getByRole("button", { name: /^Move / })
        .first()
        .click(),
  ]) {
    await openIt();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox").waitFor();
    const close = dialog.getByRole("button", { name: "Close" });
    const box = await close.boundingBox();
    assert.ok(box !== null && box.width >= 44 && box.height >= 44, JSON.stringify(box));
    await close.click();
    await dialog.waitFor({ state: "detached" });
  }
  await page.close();
});

test("on a phone, an empty field can be set", async () => {
  const { page } = await stage.openBoard("/", { width: 390, height: 844 });
  await page.locator(".card[data-ref]").first().click();
  const unset = page.locator(".property[data-minor][data-editable]");
  await unset.first().waitFor({ state: "attached" });
  for (const one of await unset.all()) assert.ok(await one.isVisible(), await one.innerText());
  await page.goto(new URL("/issues/MIN-1", page.url()).href);
  await unset.first().waitFor({ state: "attached" });
  assert.equal(await page.locator(".issue-grid .chip").count(), 0, "it has no labels");
  // Every empty field shows its name.
  for (const one of await page.locator(".property", { hasText: "None" }).all()) {
    assert.ok(
      await one.locator("dt").evaluate((name) => name.getBoundingClientRect().width > 8),
      await one.innerText(),
    );
  }
  for (const name of ["Created", "Updated"]) {
    const read = page.locator(".property", { has: page.getByText(name, { exact: true }) });
    assert.equal(await read.isVisible(), false, `${name} is only to be read`);
  }
  await page.close();
});

test("at 200% zoom the list's titles keep most of the width", async () => {
  const { page } = await stage.openBoard("/list", { width: 720, height: 450 });
  const box = await page.locator(".row-link[data-ref]").first().boundingBox();
  assert.ok(box !== null && box.width > 250, JSON.stringify(box));
  await page.close();
});

test("Tab completes a condition in the filter, and the one that Enter chooses is highlighted", async () => {
  const { page } = await stage.openBoard("/");
  const field = page.getByRole("combobox", { name: "Filter issues" });
  const marked = page.locator(".filter-menu [role=option][aria-selected=true]");
  await page.keyboard.press("f");
  await page.keyboard.type("stat");
  await page.locator(".filter-menu [role=option]").first().waitFor();
  assert.equal(await marked.count(), 0, "Enter looks for the word");
  await page.keyboard.press("Tab");
  assert.equal(await field.inputValue(), "status:");
  await page.keyboard.type("in r");
  await marked.waitFor();
  assert.match(await marked.innerText(), /In Review/);
  assert.equal(await field.getAttribute("aria-activedescendant"), await marked.getAttribute("id"));
  await page.keyboard.press("Tab");
  await page.waitForURL(/status=in_review/);
  // Tab leaves an empty field and plain words.
  await page.keyboard.press("Tab");
  assert.equal(await field.evaluate((input) => input === document.activeElement), false);
  await field.fill("session");
  await page.keyboard.press("Tab");
  assert.equal(await field.evaluate((input) => input === document.activeElement), false);
  await page.close();
});

test("the filter's text field is right behind the offered conditions, however many fit", async () => {
  const { page } = await stage.openBoard("/", { width: 1440, height: 500 });
  await page.locator(".filter-offers > button").nth(3).waitFor({ state: "attached" });
  const seen = new Set<number>();
  for (const width of [1440, 1000, 960, 920, 880, 840, 800, 760, 1440]) {
    await page.setViewportSize({ width, height: 500 });
    const measure = () =>
      page.evaluate(() => {
        const row = document.querySelector(".filter-offers")?.getBoundingClientRect();
        const input = document.querySelector(".filter-input")?.getBoundingClientRect();
        const buttons = [...document.querySelectorAll(".filter-offers > button")];
        const shown = buttons.map((one) => one.getBoundingClientRect()).filter(({ top }) => top < (row?.bottom ?? 0));
        return { count: shown.length, gap: (input?.left ?? NaN) - (shown.at(-1)?.right ?? row?.left ?? NaN) };
      });
    // Two frames: one for the resize observer, one to render.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
    );
    const { count, gap } = await measure();
    assert.ok(gap >= 0 && gap < 10, `${width}: ${count} offered, ${gap} px beside them`);
    seen.add(count);
  }
  assert.ok(seen.size > 1, [...seen].join());
  await page.close();
});

test("a right-to-left title is truncated at its end, on the left", async () => {
  const { page } = await stage.openBoard("/list");
  const link = page.locator(".row-link", { hasText: "تعطيل" }).first();
  await link.waitFor();
  assert.equal(await link.evaluate((element) => getComputedStyle(element).direction), "rtl");
  const near = page.locator(".row-link[data-ref]").filter({ hasNotText: "تعطيل" }).first();
  assert.equal(await near.evaluate((element) => getComputedStyle(element).direction), "ltr");
  await page.close();
});

test("a page whose style sheet failed to load says so, and gets it later", async () => {
  const { page } = await stage.newTab();
  const sheets = /\/assets\/activity-page-.*\.css$/;
  // Before the page, which preloads it.
  await page.route(sheets, (route) => route.abort());
  await page.goto(stage.harness.url);
  await page.locator(".card[data-ref]").first().waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Activity" }).first().click();
  await page.getByText("The Panopticon server isn’t responding").waitFor();
  await page.unroute(sheets);
  await page.locator(".outbox").waitFor();
  assert.equal(await page.locator(".activity").evaluate((element) => getComputedStyle(element).display), "grid");
  await page.close();
});

test("starts an agent on each selected issue, by key and from the bar, with the focus where Enter submits", async () => {
  const { page } = await stage.openBoard("/");
  await page.locator(".column[data-status=backlog] .card[data-ref]").first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog", { name: "Start 2 agents on 2 issues" });
  await dialog.waitFor();
  assert.equal(await dialog.locator(".start-issue").count(), 2);
  await page.waitForFunction(() => document.activeElement?.matches(".start-kinds input:checked"));
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("toolbar").getByRole("button", { name: "Start 2 agents" }).click();
  await dialog.waitFor();
  await page.close();
});

test("screen readers get a field's validation message", async () => {
  const { page } = await stage.openBoard("/");
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New issue" });
  await dialog.locator("[data-field=status]").waitFor();
  await page.keyboard.press("Control+Enter");
  await dialog.getByText("Required", { exact: true }).first().waitFor();
  assert.equal(await dialog.locator("[aria-invalid=true]").count(), 1);
  assert.deepEqual(await findFalseStates(page), []);
  await page.close();
});

test("an empty palette has no accessibility violation", async () => {
  const { page } = await stage.openBoard("/");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run a command" }).fill("nothing has these");
  await page.getByText("No issues match").waitFor();
  assert.deepEqual(await findShownViolations(page), []);
  await page.close();
});

test("a rejection by one tracker is not shown for another one, nor for another text", async () => {
  const { page } = await stage.openBoard("/");
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New issue" });
  await dialog.locator("[data-field=status]").waitFor();
  await page.route("**/api/issues", (route) =>
    route.fulfill({
      status: 400,
      json: { code: "invalid_input", status: 400, title: "", type: "", detail: "Too long for Alpha.", field: "title" },
    }),
  );
  const refusal = dialog.getByRole("alert");
  for (const answer of [
    () => dialog.locator(".create-title").fill("Shorter"),
    () => dialog.locator(".source-row button, .source-row label").nth(1).click(),
  ]) {
    await dialog.locator(".create-title").fill("A long title");
    await page.keyboard.press("Control+Enter");
    await refusal.getByText("Too long for Alpha.").waitFor();
    await answer();
    await refusal.waitFor({ state: "detached" });
  }
  await page.close();
});

test("scrollable code is reachable by keyboard, also if it becomes scrollable on resize", async () => {
  const { page } = await stage.openBoard("/list?q=wider");
  await page.locator(".row-link", { hasText: wideTitle }).first().click();
  const code = page.locator(".issue-text pre");
  await code.waitFor();
  assert.equal(await code.getAttribute("tabindex"), null);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator(".issue-text pre[tabindex='0']").waitFor();
  await page.close();
});

test("right-to-left quotes and lists have their bar and markers on the right", async () => {
  const { page } = await stage.openBoard("/list");
  await page.locator(".row-link", { hasText: "تعطيل" }).first().click();
  const quotes = page.locator(".issue-text blockquote");
  await quotes.nth(1).waitFor();
  const bars = await quotes.evaluateAll((all) =>
    all.map((quote) => {
      const { borderLeftWidth, borderRightWidth } = getComputedStyle(quote);
      return [borderLeftWidth, borderRightWidth];
    }),
  );
  assert.deepEqual(bars, [
    ["0px", "2px"],
    ["2px", "0px"],
  ]);
  const room = await page
    .locator(".issue-text li")
    .first()
    .evaluate((item) => {
      const outer = item.parentElement?.getBoundingClientRect();
      const { left, right } = item.getBoundingClientRect();
      return [Math.round(left - (outer?.left ?? 0)), Math.round((outer?.right ?? 0) - right)];
    });
  assert.deepEqual(room, [0, 22]);
  await page.close();
});

test("a discarded draft can be restored, from its message or later in the dialog", async () => {
  const { page } = await stage.openBoard("/");
  const title = page.locator(".create-title");
  const discard = async () => {
    await page.getByRole("button", { name: "Discard" }).click();
    await title.waitFor({ state: "detached" });
    await page.locator(".toast", { hasText: "Draft discarded" }).waitFor();
  };
  await page.keyboard.press("c");
  await title.fill("Half a thought");
  await discard();
  await page.locator(".toast").getByRole("button", { name: /^Undo/ }).click();
  await title.waitFor();
  assert.equal(await title.inputValue(), "Half a thought");
  assert.equal(await page.locator(".toast").count(), 0);

  await discard();
  await page.keyboard.press("z");
  await title.waitFor();
  assert.equal(await title.inputValue(), "Half a thought");

  await discard();
  await page.reload();
  await page.locator(".card[data-ref]").first().waitFor();
  await page.keyboard.press("c");
  await title.waitFor();
  assert.equal(await title.inputValue(), "");
  await page.getByRole("button", { name: "Restore draft" }).click();
  assert.equal(await title.inputValue(), "Half a thought");
  await page.close();
});

test("while the list loads, row placeholders are shown, not the board's", async () => {
  const { page } = await stage.newTab();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/api\/board/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${stage.harness.url}/list`);
  await page.locator("[aria-busy=true] .bone").first().waitFor();
  assert.equal(await page.locator(".column, .card-skeleton").count(), 0);
  const head = page.locator(".list-group").first();
  const before = await head.boundingBox();
  release();
  await page.locator(".row-link[data-ref]").first().waitFor();
  assert.deepEqual((await head.boundingBox())?.y, before?.y);
  await page.close();
});

test("a new issue is for the project and the tracker that the page is filtered to, and stays there as a draft", async () => {
  const { page } = await stage.openBoard("/?project=site");
  // Another test's draft stays where it was begun.
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await page.locator(".card[data-ref]").first().waitFor();
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New issue" });
  const project = dialog.getByRole("button", { name: /^Project/ });
  await project.getByText("site", { exact: true }).waitFor();
  await dialog.locator(".create-title").fill("Begun here");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.goto(new URL("/?tracker=beta", stage.harness.url).href);
  await page.locator(".card[data-ref]").first().waitFor();
  await page.keyboard.press("c");
  await project.getByText("site", { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Discard" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.keyboard.press("c");
  await project.getByText("app", { exact: true }).waitFor();
  await dialog.getByText("Create in Beta").waitFor();
  await page.close();
});
