import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { IssueDetailShape } from "../../src/server/contract/issue.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, openChangesStage } from "./changes-stage.ts";
import { findViolations } from "./find-violations.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

/** Opens an issue on which somebody in its tracker has just commented; returns the page and their comment. */
async function openCommented(tracker: "github" | "linear", status: string, words: string) {
  const issue = await stage.issueIn(tracker, status);
  stage[tracker].world.comment(issue.nativeId, words);
  const page = await stage.openBoard();
  await page.locator(`.card[data-ref="${issue.ref}"]`).click();
  const comment = page.locator(".comment", { hasText: words.split("\n")[0] ?? "" });
  await comment.waitFor();
  return { issue, page, comment };
}

const field = (page: Page) => page.getByRole("textbox", { name: /^Comment/ });

/** The comment once its tracker has it. */
const written = ({ address }: IssueDetailShape, text: string) =>
  eventually(async () => {
    const { comments } = await stage.read(address);
    return comments.find(({ body, pending }) => !pending && body === text);
  }, `${text} is in the tracker`);

test("a reply goes to the thread of its comment; what it answers is kept with its text", limit, async () => {
  const { issue, page, comment } = await openCommented("linear", "in_progress", "Which of the two?");
  await comment.hover();
  await comment.getByRole("button", { name: "Reply to comment" }).click();
  await page.locator(".composer textarea:focus").waitFor();
  await page.keyboard.type("The first one");
  await page.reload();
  const answered = page.locator(".composer-answered");
  await answered.getByText("Which of the two?").waitFor();
  assert.equal(await field(page).inputValue(), "The first one");
  assert.deepEqual(await findViolations(page), []);

  // The field has not been used since the reload; the button must not move away when it is pressed.
  await page
    .locator(".composer")
    .getByRole("button", { name: /^Reply/ })
    .click();
  const reply = page.locator(".comment", { hasText: "The first one" });
  await reply.getByText(/^in reply to /).waitFor();
  assert.equal(await answered.count(), 0);
  const { replyTo } = await written(issue, "The first one");
  const { comments } = await stage.read(issue.address);
  assert.equal(replyTo, comments.find(({ body }) => body === "Which of the two?")?.id);

  // A reply to a reply is in the same thread.
  await reply.hover();
  await reply.getByRole("button", { name: "Reply to comment" }).click();
  await field(page).fill("Or the second");
  await field(page).press("Control+Enter");
  assert.equal((await written(issue, "Or the second")).replyTo, replyTo);
});

test("a reply can become a comment, and is returned with its thread if it is refused", limit, async () => {
  const { issue, page, comment } = await openCommented("linear", "backlog", "Really?");
  const reply = async (text: string) => {
    await comment.hover();
    await comment.getByRole("button", { name: "Reply to comment" }).click();
    await field(page).fill(text);
  };
  await reply("No thread");
  await page.getByRole("button", { name: "Don’t reply, comment" }).click();
  await page.locator(".composer textarea:focus").waitFor();
  await field(page).press("Control+Enter");
  assert.equal((await written(issue, "No thread")).replyTo, null);

  await page.route(/\/comments$/, (route) =>
    route.request().method() === "POST"
      ? route.fulfill({
          status: 422,
          contentType: "application/problem+json",
          body: JSON.stringify({ type: "about:blank", title: "No", status: 422, code: "invalid_input", detail: "No." }),
        })
      : route.fallback(),
  );
  await reply("Yes, really");
  await field(page).press("Control+Enter");
  await page.locator(".toast", { hasText: "Not saved" }).waitFor();
  assert.equal(await field(page).inputValue(), "Yes, really");
  await page.locator(".composer-answered").getByText("Really?").waitFor();
});

test("where comments have no threads, an answer quotes", limit, async () => {
  const { issue, page, comment } = await openCommented("github", "in_progress", "First line\n\n- and a list");
  await field(page).fill("Before");
  await comment.hover();
  await comment.getByRole("button", { name: "Quote comment" }).click();
  await page.locator(".composer textarea:focus").waitFor();
  await page.keyboard.type("After");
  await field(page).press("Control+Enter");
  const text = "Before\n\n> First line\n>\n> - and a list\n\nAfter";
  assert.equal((await written(issue, text)).replyTo, null);
});
