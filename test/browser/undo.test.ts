import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { IssueDetailShape } from "../../src/server/contract/issue.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, inWorld, openChangesStage } from "./changes-stage.ts";
import { cardIn } from "./live-stage.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

/** Two tabs of one browser share a session. */
async function openTabs(): Promise<readonly [Page, Page]> {
  const one = await stage.openBoard();
  const { page: two } = await stage.browser.open();
  await two.goto(one.url());
  await two.waitForSelector(".card[data-ref]");
  return [one, two];
}

async function openIssue(page: Page, { ref }: IssueDetailShape): Promise<void> {
  await page.locator(`.card[data-ref="${ref}"]`).click();
  await page.getByRole("textbox", { name: /^Comment/ }).waitFor();
}

async function comment(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: /^Comment/ });
  await field.fill(text);
  await field.press("Control+Enter");
  await page.locator(".comment", { hasText: text }).waitFor();
  await page.locator(".toast", { hasText: "comment added" }).waitFor();
}

/** Presses `z` outside any field. */
async function pressZ(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("z");
}

/** How many tabs hold the lock that marks them as open. */
function openTabsOf(page: Page): Promise<number> {
  return page.evaluate(
    async () =>
      ((await navigator.locks.query()).held ?? []).filter(({ name }) => name?.startsWith("panopticon.tabs.")).length,
  );
}

async function untilSaid(page: Page, text: string): Promise<void> {
  await page.locator(".toast", { hasText: text }).waitFor();
}

test("Z undoes its own tab's comment, not a later change of another tab, also after a reload", limit, async () => {
  const { issueIn, untilTaken, read } = stage;
  const [one, two] = await openTabs();
  const commented = await issueIn("linear", "in_progress");
  const moved = await issueIn("github", "backlog");
  const bodies = async () => (await read(commented.address)).comments.map(({ body }) => body);

  await openIssue(one, commented);
  await comment(one, "First from tab one");
  await comment(one, "Second from tab one");
  await two.locator(cardIn("backlog", moved.ref)).focus();
  await two.keyboard.press("Shift+ArrowRight");
  await untilTaken(moved.address, "planning");

  await pressZ(one);
  await untilSaid(one, `Undone: ${commented.ref}: comment added`);
  await eventually(
    async () => ((await bodies()).includes("Second from tab one") ? undefined : true),
    "the second comment is gone",
  );
  assert.ok((await bodies()).includes("First from tab one"));

  await one.reload();
  await one.getByRole("textbox", { name: /^Comment/ }).waitFor();
  await pressZ(one);
  await eventually(
    async () => ((await bodies()).includes("First from tab one") ? undefined : true),
    "the first comment is gone",
  );
  await untilSaid(one, `Undone: ${commented.ref}: comment added`);
  await pressZ(one);
  await untilSaid(one, "Nothing to undo in this tab");
  assert.equal((await read(moved.address)).status, "planning");

  await pressZ(two);
  await untilTaken(moved.address, "backlog");
  await Promise.all([one.close(), two.close()]);
});

test("a relation's message undoes exactly that relation, whatever another tab changed since", limit, async () => {
  const { issueIn, untilTaken, read } = stage;
  const [one, two] = await openTabs();
  const from = await issueIn("linear", "in_progress");
  const to = await issueIn("github", "in_progress");
  const moved = await issueIn("linear", "backlog");

  await openIssue(one, from);
  await one.getByRole("button", { name: "Add relation" }).click();
  await one.getByRole("option", { name: "Relates" }).click();
  await one.getByPlaceholder(/ref or title/).fill(to.ref);
  await one
    .getByRole("option", { name: new RegExp(RegExp.escape(to.ref)) })
    .first()
    .click();
  const toast = one.locator(".toast", { hasText: `relates ${to.ref}` });
  await toast.waitFor();
  await eventually(
    async () => ((await read(from.address)).relations.length > 0 ? true : undefined),
    "they are related",
  );

  await two.locator(cardIn("backlog", moved.ref)).focus();
  await two.keyboard.press("Shift+ArrowRight");
  await untilTaken(moved.address, "planning");
  await toast.getByRole("button", { name: /^Undo/ }).click();
  await eventually(
    async () => ((await read(from.address)).relations.length === from.relations.length ? true : undefined),
    "they are not related",
  );
  assert.equal((await read(moved.address)).status, "planning");
  await pressZ(two);
  await untilTaken(moved.address, "backlog");
  await Promise.all([one.close(), two.close()]);
});

test("reports what others changed since, and keeps it", limit, async () => {
  const { issueIn, untilTaken, untilSettled, read, server, linear } = stage;
  const page = await stage.openBoard();
  const issue = await issueIn("linear", "backlog");
  await page.locator(cardIn("backlog", issue.ref)).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await untilTaken(issue.address, "planning");
  await untilSettled();
  const { status } = await server.ask("PATCH", `/api/issues/${encodeURIComponent(issue.address)}`, { status: "done" });
  assert.equal(status, 200);
  await pressZ(page);
  await page
    .getByRole("alert")
    .filter({ hasText: `Couldn’t undo: ${issue.ref} moved to Planning. ${issue.ref}: status` })
    .waitFor();
  assert.equal(await page.getByText(`Undone: ${issue.ref}`).count(), 0, "what stays is not said to be undone");
  await untilSettled();
  assert.equal((await read(issue.address)).status, "done");
  assert.notEqual(inWorld(linear, issue).state, issue.nativeState.name);
  await page.close();
});

test("Z offers a closed tab's last change, and undoes it when pressed again", limit, async () => {
  const { issueIn, untilTaken, untilSettled } = stage;
  const [one, two] = await openTabs();
  const moved = await issueIn("github", "backlog");
  await one.locator(cardIn("backlog", moved.ref)).focus();
  await one.keyboard.press("Shift+ArrowRight");
  await untilTaken(moved.address, "planning");
  await untilSettled();
  await pressZ(two);
  await untilSaid(two, "Nothing to undo in this tab");
  assert.equal(await two.locator(".toast", { hasText: moved.ref }).count(), 0, "the other tab is open");
  await one.close();
  const offer = two.locator(".toast", { hasText: `Last change in a closed tab: ${moved.ref} moved to Planning` });
  // Pressing Z twice would undo it, so press once the browser knows that the tab is closed.
  await eventually(
    async () => ((await openTabsOf(two)) === 1 ? true : undefined),
    "the browser has let go of what the closed tab held",
  );
  await pressZ(two);
  await offer.waitFor();
  assert.equal((await stage.read(moved.address)).status, "planning");
  await pressZ(two);
  await untilSaid(two, `Undone: ${moved.ref} moved to Planning`);
  await untilTaken(moved.address, "backlog");
  await pressZ(two);
  await untilSaid(two, "Nothing to undo in this tab");
  assert.equal(await two.locator(".toast", { hasText: moved.ref }).count(), 0, "it is offered once");
  await two.close();
});

test("undoing a written deletion sends the comment again, once, and says so wherever it appears", limit, async () => {
  const { issueIn, untilSettled, linear } = stage;
  const page = await stage.openBoard();
  const issue = await issueIn("linear", "in_progress");
  await openIssue(page, issue);
  await comment(page, "Worth keeping");
  await untilSettled();
  const shown = page.locator(".comment", { hasText: "Worth keeping" });
  await shown.getByRole("button", { name: "Delete comment" }).click();
  await page.locator(".toast", { hasText: "comment deleted" }).waitFor();
  await untilSettled();
  const inTracker = () =>
    (linear.world.comments?.(issue.nativeId) ?? []).filter(({ body }) => body === "Worth keeping");
  assert.deepEqual(inTracker(), []);

  linear.faults.add({ kind: "slow", path: "/graphql", body: "mutation", times: 1, value: 1500 });
  await pressZ(page);
  await shown.getByText("restored", { exact: true }).waitFor();
  await page.getByText("restored a deleted comment, with a new time").waitFor();
  await untilSettled();
  assert.equal(inTracker().length, 1);
  await page.reload();
  await shown.getByText("restored", { exact: true }).waitFor();
  assert.equal(await shown.count(), 1);
  await page.goto(new URL("/activity", page.url()).href);
  await page
    .getByText(/restored a deleted comment on .*, with a new time/)
    .first()
    .waitFor();
  await page.close();
});
