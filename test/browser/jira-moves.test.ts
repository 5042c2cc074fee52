import assert from "node:assert/strict";
import { test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import type { MoveChoiceShape } from "../../src/server/contract/move-choice.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, sourceOf } from "../support/stage.ts";
import { cardIn, type LiveStage, openLiveStage } from "./live-stage.ts";

const limit = { timeout: 120_000 };

let jira: Emulator;
let stage: LiveStage;

before(async () => {
  // The second project's workflow has three transitions to a final status, one of which requires a note.
  jira = await startEmulator("jira", { issues: 80, seed: 5 });
  stage = await openLiveStage({
    emulators: [jira],
    projects: `projects:\n  yard:\n    history: all\n    jira_project: ${sourceOf(jira, 1)}\n`,
  });
});
after(() => stage.close());

async function issueIn(status: string): Promise<IssueDetailShape> {
  const { issues } = await stage.server.get<IssueListShape>(`/api/issues?status=${status}&limit=1&sort=priority`);
  const [issue] = issues;
  assert.ok(issue, `nothing is in ${status}`);
  return read(issue.address);
}

function read(address: string): Promise<IssueDetailShape> {
  return stage.server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(address)}`);
}

/** Waits until the issue is in this state in Jira. */
async function untilInJira({ nativeId }: IssueDetailShape, state: string): Promise<void> {
  await eventually(
    () => jira.world.issues().find((issue) => issue.nativeId === nativeId && issue.state === state),
    `Jira has it in ${state}`,
  );
}

test("dropping a card where several transitions lead asks for one, and for its fields", limit, async () => {
  const page = await stage.openBoard();
  const issue = await issueIn("in_progress");
  const card = page.locator(cardIn("in_progress", issue.ref));
  await card.scrollIntoViewIfNeeded();
  const [from, to] = [await card.boundingBox(), await page.locator(".column[data-status=done]").boundingBox()];
  assert.ok(from && to);
  await page.mouse.move(from.x + 40, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 40, { steps: 2 });
  await page.mouse.move(to.x + 80, to.y + 160, { steps: 4 });
  await page.locator(".drop-place").waitFor();
  await page.mouse.up();

  const dialog = page.getByRole("dialog", { name: `Move ${issue.ref} to Done` });
  await dialog.getByRole("option", { name: /^Close with a note/ }).click();
  await dialog.getByRole("button", { name: /^Close with a note/ }).click();
  // Nothing is sent while a required field is empty.
  await dialog.getByText("Closing note is required for Close with a note").waitFor();
  await dialog.getByLabel(/^Closing note/).fill("The carrier confirmed");
  await dialog.getByRole("button", { name: /^Close with a note/ }).click();
  await dialog.waitFor({ state: "detached" });
  await page.waitForSelector(cardIn("done", issue.ref));
  await untilInJira(issue, "Done");
  await page.close();
});

test("the same by keyboard, and Escape leaves the card where it was", limit, async () => {
  const page = await stage.openBoard();
  const issue = await issueIn("in_review");
  await page.locator(cardIn("in_review", issue.ref)).focus();
  await page.keyboard.press("Shift+ArrowRight");
  const dialog = page.getByRole("dialog", { name: `Move ${issue.ref} to Done` });
  await dialog.getByRole("option", { name: /^Finish: Resolved/ }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.waitForSelector(cardIn("in_review", issue.ref));
  assert.equal((await read(issue.address)).status, "in_review");

  await page.locator(cardIn("in_review", issue.ref)).focus();
  await page.keyboard.press("s");
  const list = page.locator(".field-dialog");
  await list.getByText("Choose a Jira transition").first().waitFor();
  await page.keyboard.press("5");
  await list.getByRole("option", { name: /^Finish: Resolved/ }).waitFor();
  for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  // The form takes the focus.
  await list.locator(".move-form [data-field]:focus").waitFor();
  await page.keyboard.type("Nothing left to do");
  await page.keyboard.press("Control+Enter");
  await list.waitFor({ state: "detached" });
  await page.waitForSelector(cardIn("done", issue.ref));
  await untilInJira(issue, "Done");
  await page.close();
});

test("the API lists the transitions with a 409, and pan move selects one by flags", limit, async () => {
  const issue = await issueIn("in_progress");
  const path = `/api/issues/${encodeURIComponent(issue.address)}`;
  const asked = await stage.server.ask("PATCH", path, { status: "done" });
  const { code, choices } = asked.body as { code: string; choices: readonly MoveChoiceShape[] };
  assert.equal(asked.status, 409);
  assert.equal(code, "choice_needed");
  assert.deepEqual(
    choices.map(({ name, state }) => [name, state]),
    [
      ["Finish: Resolved", "Resolved"],
      ["Finish: Done", "Done"],
      ["Close with a note", "Done"],
    ],
  );
  const refused = await stage.home.pan("move", issue.ref, "done");
  assert.equal(refused.code, 5);
  assert.match(refused.stderr, /Finish: Resolved → Resolved\n[^]*Close with a note → Done; requires Closing note/);
  const way = ["--transition", "Close with a note", "--field", "Closing note=By the yard"] as const;
  const moved = await stage.home.pan("move", issue.ref, "done", ...way);
  assert.equal(moved.code, 0, moved.stderr);
  await untilInJira(issue, "Done");
});
