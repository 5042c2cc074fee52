import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { CreatedIssueShape } from "../../src/server/contract/issue.ts";
import { goToBoard } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, openChangesStage } from "./changes-stage.ts";

// New issues and comments that their tracker refused: everything typed stays, to be corrected and sent, or dropped and taken back.

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

const limit = { timeout: 120_000 };

/** Linear's limit of a title's length is not documented, so only Linear refuses it. */
async function createRefused(name: string): Promise<string> {
  const source = stage.linear.sources[0]?.key;
  const draft = { source, title: `${name} ${"too long ".repeat(40)}`, body: `Typed for ${name}` };
  const { ref } = (await stage.server.ask("POST", "/api/issues", draft)).body as CreatedIssueShape;
  await eventually(
    async () => ((await stage.read(ref)).sync.state === "failed" ? true : undefined),
    `${ref} is refused by Linear`,
  );
  return ref;
}

async function openRefused(page: Page, ref: string): Promise<void> {
  await page.locator(`.card[data-ref="${ref}"]`).click();
  await page.locator(".refused").waitFor();
}

test("a new issue is corrected in its panel and sent again", limit, async () => {
  const ref = await createRefused("Corrected");
  const page = await stage.openBoard();
  await openRefused(page, ref);
  assert.deepEqual(await page.locator(".refused button").allInnerTexts(), ["Drop", "Retry"]);
  await page.locator(".title-button").click();
  await page.locator(".issue-title textarea").fill("Short enough");
  await page.keyboard.press("Enter");
  await page.locator(".card", { hasText: "Short enough" }).waitFor();
  await page.locator(".refused").getByRole("button", { name: "Retry" }).click();
  await stage.untilSettled();
  const made = stage.linear.world.issues().filter(({ title }) => title === "Short enough");
  assert.equal(made.length, 1);
  await page.close();
});

test("a new issue is dropped, and what was typed can be taken back into a new draft", limit, async () => {
  const ref = await createRefused("Dropped");
  const page = await stage.openBoard();
  await page.getByRole("button", { name: `Drop change to ${ref}` }).click();
  await page
    .locator(".toast", { hasText: `${ref} dropped` })
    .getByRole("button", { name: "Undo" })
    .click();
  assert.match(await page.getByLabel("Title", { exact: true }).inputValue(), /^Dropped too long/);
  assert.equal(await page.getByRole("textbox", { name: "Description" }).inputValue(), "Typed for Dropped");
  assert.equal(await page.locator(".source-option[aria-checked=true]").count(), 1);
  await page.close();
});

test("one that is dropped before the page has read the outbox can be taken back as well", limit, async () => {
  const ref = await createRefused("Dropped early");
  const { page } = await stage.browser.open();
  const { promise: pressed, resolve: press } = Promise.withResolvers<void>();
  await page.route(/\/api\/outbox(?:\?|$)/, async (route) => {
    await pressed;
    await route.continue();
  });
  await goToBoard(page, stage.server);
  await page.getByRole("button", { name: `Drop change to ${ref}` }).click();
  press();
  await page
    .locator(".toast", { hasText: `${ref} dropped` })
    .getByRole("button", { name: "Undo" })
    .waitFor();
  await page.close();
});

test("a comment is taken back into the comment field", limit, async () => {
  const issue = await stage.issueIn("github", "in_progress");
  stage.github.faults.add({ kind: "server-error", value: 403, method: "POST", path: "/comments", times: Infinity });
  await stage.server.ask("POST", `/api/issues/${encodeURIComponent(issue.address)}/comments`, { body: "Typed once" });
  await eventually(
    async () => ((await stage.read(issue.address)).sync.state === "failed" ? true : undefined),
    "GitHub refuses the comment",
  );
  stage.github.faults.clear();
  const page = await stage.openBoard();
  await openRefused(page, issue.ref);
  await page.locator(".refused").getByRole("button", { name: "Edit again" }).click();
  await page.locator(".refused").waitFor({ state: "detached" });
  assert.equal(await page.getByRole("textbox", { name: /^Comment/ }).inputValue(), "Typed once");
  assert.equal(await page.locator(".comment", { hasText: "Typed once" }).count(), 0);
  await page.close();
});
