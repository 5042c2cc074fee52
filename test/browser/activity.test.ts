import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { after, before } from "../support/hooks.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

/** Enough changes by commands to push earlier ones off every first page. */
const byCommand = 130;

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({ issues: 5 });
  await rename("alpha", "agent claude", 1);
  await rename("beta", "agent claude", 1);
  await rename("beta", "you", 1);
  await rename("beta", "cli", byCommand);
});
after(() => stage.close());

/** Renames an issue of a tracker this many times. */
async function rename(tracker: string, actor: string, times: number): Promise<void> {
  const { issues } = await stage.harness.store.board.issues({
    filter: { tracker: [tracker] },
    sort: { key: "created", reverse: false },
    limit: 1,
    cursor: null,
    me: {},
  });
  const [issue] = issues;
  assert.ok(issue);
  let from = issue.title;
  for (let time = 1; time <= times; time += 1) {
    const to = `${actor} in ${tracker}, ${time}`;
    await stage.harness.store.outbox.edit(issue.id, [{ field: "title", from, to }], { actor, session: actor });
    from = to;
  }
}

const lines = (page: Page) => page.locator(".activity-line");

/** Resolves once this many changes are listed, all of them containing these words. */
async function untilListed(page: Page, words: string, count: number): Promise<void> {
  await page.waitForFunction(
    ([text, number]) => {
      const found = [...document.querySelectorAll(".activity-line")];
      return found.length === number && found.every((line) => line.textContent?.includes(text));
    },
    [words, count] as const,
  );
}

test("the server filters by actor and tracker; the filter is in the URL and survives a reload", async () => {
  const { page, complaints } = await stage.open("/activity");
  await lines(page).first().waitFor();
  await page.getByRole("button", { name: /^Agents/ }).click();
  await untilListed(page, "claude", 2);
  assert.equal(new URL(page.url()).search, "?by=agent");

  await page.reload();
  await untilListed(page, "claude", 2);
  await page.getByRole("button", { name: "Only Beta" }).click();
  await untilListed(page, "claude in beta", 1);
  assert.equal(new URL(page.url()).search, "?by=agent&tracker=beta");

  await page.getByRole("button", { name: /^Panopticon/ }).click();
  await page.getByRole("heading", { name: "No matching activity" }).waitFor();
  assert.equal(await lines(page).count(), 0);
  await page.getByRole("button", { name: "Clear filter", exact: true }).click();
  await lines(page).filter({ hasText: "cli in beta" }).first().waitFor();
  assert.equal(new URL(page.url()).search, "");

  // Changes replaced before they were sent count as merged.
  const outbox = page.getByRole("complementary", { name: "Outbox" });
  assert.match(await outbox.innerText(), new RegExp(`Settled since yesterday: ${byCommand + 1} merged`));

  // Show lists exactly the settled changes, without pending ones.
  await outbox.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForFunction(() => {
    const found = [...document.querySelectorAll(".activity-line")];
    return found.length > 0 && found.every((line) => line.textContent?.includes("merged"));
  });
  assert.equal(new URL(page.url()).search, "?settled=true");
  assert.match(await page.locator(".bar").innerText(), new RegExp(`${byCommand + 1} changes since yesterday`));
  await outbox.getByRole("button", { name: "Show all" }).click();
  await lines(page).filter({ hasText: "pending" }).first().waitFor();
  assert.equal(new URL(page.url()).search, "");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("an entry names the tracker of a deleted issue", async () => {
  const sources = await stage.harness.store.sources.list();
  const beta = sources.find(({ config }) => config.tracker === "beta");
  assert.ok(beta);
  const [gone] = (
    await stage.harness.store.board.issues({
      filter: { tracker: ["beta"] },
      sort: { key: "created", reverse: true },
      limit: 1,
      cursor: null,
      me: {},
    })
  ).issues;
  assert.ok(gone);
  await stage.harness.store.mirror.remove(beta.id, [gone.nativeId], "gone");
  const { page } = await stage.open("/activity?tracker=beta&by=tracker");
  const line = lines(page).filter({ hasText: gone.ref });
  await line.waitFor();
  assert.match(await line.innerText(), /Someone in Beta\s+deleted/);
  await page.close();
});

test("an outbox of many changes shows the first fifty, and more on request", async () => {
  const many = await openDashboardStage({ issues: 60 });
  const { issues } = await many.harness.store.board.issues({
    filter: { tracker: ["beta"] },
    sort: { key: "created", reverse: false },
    limit: 120,
    cursor: null,
    me: {},
  });
  assert.ok(issues.length > 50 && issues.length <= 120, `${issues.length} issues`);
  const by = { actor: "you", session: "s1" };
  for (const { id, title } of issues) {
    await many.harness.store.outbox.edit(id, [{ field: "title", from: title, to: `${title}!` }], by);
  }
  const { page } = await many.open("/activity");
  const shown = page.locator("#waiting li");
  await shown.nth(49).waitFor();
  assert.equal(await shown.count(), 50);
  await page.getByRole("heading", { name: `Waiting ${issues.length}` }).waitFor();
  const more = page.getByRole("button", { name: /^Show \d+ more of / });
  for (let count = 100; await more.isVisible(); count += 50) {
    await more.click();
    await shown.nth(Math.min(count, issues.length) - 1).waitFor();
  }
  assert.equal(await shown.count(), issues.length);
  await many.close();
});
