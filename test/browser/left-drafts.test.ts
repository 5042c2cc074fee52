// Drafts of new issues that were sent, and whose answer did not arrive: sending them again creates no second issue.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, openChangesStage } from "./changes-stage.ts";
import { openRelayed } from "./open-relayed.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

/** The board through a relay. */
async function openBoard(context: TestContext) {
  const { url, token } = stage.server;
  const server = { openAddress: () => `${url}/?token=${token}` };
  const { relay, page, address } = await openRelayed(context, { port: Number(new URL(url).port), server });
  await page.goto(address);
  return { relay, page, board: new URL("/", address).href };
}

async function openForm(page: Page): Promise<void> {
  await page.locator(".card[data-ref]").first().waitFor();
  await page.keyboard.press("c");
  // Sent as it is when all its fields are known.
  await page.locator(".create [data-field=status]").waitFor();
}

/** The titles of the issues with this word in it. */
async function titlesWith(word: string): Promise<readonly string[]> {
  const { issues } = await stage.server.get<IssueListShape>(`/api/issues?q=${word}`);
  return issues.map(({ title }) => title);
}

test(
  "a new issue that is on its way when the page is left is created once, also if it is sent again",
  limit,
  async (context) => {
    const { relay, page, board } = await openBoard(context);
    await openForm(page);
    await page.locator(".create-title").fill("Left underway");
    const asked = relay.holdAt("POST /api/issues ");
    await page.keyboard.press("Control+Enter");
    await asked;
    const next = await page.context().newPage();
    await page.close();
    relay.letGo();
    await eventually(async () => ((await titlesWith("underway")).length > 0 ? true : undefined), "the server has it");

    await next.goto(board);
    await openForm(next);
    await next.getByText(/^This draft was sent .* the issue may exist\. Sending it again will not create/).waitFor();
    await next.keyboard.press("Control+Enter");
    await next.locator(".toast", { hasText: /#\d+ had already been created/ }).waitFor();
    await next.locator(".create").waitFor({ state: "detached" });
    await stage.untilSettled();
    assert.deepEqual(await titlesWith("underway"), ["Left underway"]);
    await next.locator(".card[data-ref]", { hasText: "Left underway" }).waitFor();
    assert.equal(await next.locator(".card[data-ref]", { hasText: "Left underway" }).count(), 1);
    await openForm(next);
    assert.equal(await next.locator(".create-title").inputValue(), "");
    assert.equal(await next.locator(".create-note").count(), 0);
  },
);

test("a draft that is changed after it was sent tells of the issue created from it before", limit, async (context) => {
  const { relay, page, board } = await openBoard(context);
  await openForm(page);
  await page.locator(".create-title").fill("Sideways at first");
  const asked = relay.holdAt("POST /api/issues ");
  await page.keyboard.press("Control+Enter");
  await asked;
  await page.reload();
  relay.letGo();
  await eventually(async () => ((await titlesWith("sideways")).length > 0 ? true : undefined), "the server has it");

  await page.goto(board);
  await openForm(page);
  await page.locator(".create-title").fill("Sideways, thought over");
  await page.keyboard.press("Control+Enter");
  await page.getByText(/had already been created from this draft before you changed it: “Sideways at first”/).waitFor();
  assert.deepEqual(await titlesWith("sideways"), ["Sideways at first"]);
  assert.equal(await page.locator(".create-title").inputValue(), "Sideways, thought over");
  await page.keyboard.press("Control+Enter");
  await page.locator(".create").waitFor({ state: "detached" });
  await stage.untilSettled();
  assert.deepEqual((await titlesWith("sideways")).toSorted(), ["Sideways at first", "Sideways, thought over"]);
});

test("a draft that did not arrive is created as it is when it is sent again", limit, async (context) => {
  const { relay, page } = await openBoard(context);
  await openForm(page);
  await page.locator(".create-title").fill("Nowhere yet");
  const left = relay.leaveAt("POST /api/issues ");
  await page.keyboard.press("Control+Enter");
  await left;
  await page.getByText("Couldn’t create the issue. Your draft is kept.").waitFor();
  relay.comeBack();
  await page.getByRole("button", { name: "Discard" }).click();
  await page.locator(".create").waitFor({ state: "detached" });
  await openForm(page);
  assert.equal(await page.locator(".create-note").count(), 0);
  await page.getByRole("button", { name: "Restore draft" }).click();
  await page.getByText(/^This draft was sent .* Sending it again will not create/).waitFor();
  await page.locator(".create-title").fill("Nowhere but here");
  await page.keyboard.press("Control+Enter");
  await page.locator(".toast", { hasText: /#\d+ created/ }).waitFor();
  await stage.untilSettled();
  assert.deepEqual(await titlesWith("nowhere"), ["Nowhere but here"]);
});
