// What is pressed before that is there which it is meant for: it waits, and is neither lost nor taken for something else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { SourceFormShape } from "../../src/server/contract/change.ts";
import type { IssueDetailShape } from "../../src/server/contract/issue.ts";
import type { ProjectsShape } from "../../src/server/contract/project.ts";
import { goTo } from "../support/board.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, openChangesStage } from "./changes-stage.ts";
import { cardIn } from "./live-stage.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

/** Holds what a page asks for. `asked` resolves once it has asked for it, `release` lets all be answered. */
async function hold(
  page: Page,
  what: RegExp,
): Promise<{ readonly asked: Promise<unknown>; readonly release: () => void }> {
  const answer = Promise.withResolvers<void>();
  await page.route(what, async (route) => {
    await answer.promise;
    await route.continue();
  });
  return { asked: page.waitForRequest(what), release: () => answer.resolve() };
}

async function formOf({ source }: IssueDetailShape): Promise<SourceFormShape> {
  return stage.server.get<SourceFormShape>(`/api/form?source=${encodeURIComponent(source)}`);
}

/** Waits until an issue, as the server has it, is as it should be. */
function untilIs(
  { address }: IssueDetailShape,
  what: string,
  is: (issue: IssueDetailShape) => boolean,
): Promise<IssueDetailShape> {
  return eventually(async () => {
    const issue = await stage.read(address);
    return is(issue) ? issue : undefined;
  }, what);
}

/** A board with the focus on the first card of GitHub in the backlog. */
async function openOnCard(): Promise<{ readonly page: Page; readonly issue: IssueDetailShape }> {
  const issue = await stage.issueIn("github", "backlog");
  const page = await stage.openBoard();
  await page.locator(cardIn("backlog", issue.ref)).focus();
  return { page, issue };
}

test("labels that are chosen before it is known which there are, are those that were meant", limit, async () => {
  const { page, issue } = await openOnCard();
  const had = issue.labels.map(({ name }) => name);
  const [one, other] = (await formOf(issue)).labels.map(({ name }) => name).filter((name) => !had.includes(name));
  assert.ok(one !== undefined && other !== undefined);
  const form = await hold(page, /\/api\/form/);
  await page.keyboard.press("Shift+L");
  const field = page.getByRole("combobox", { name: /^Labels of/ });
  for (const label of [one, other]) {
    // The beginning of a name would be a new label, were it not known that there is one.
    await field.fill(label.slice(0, -1));
    await field.press("Enter");
  }
  await form.asked;
  assert.equal(await page.getByRole("option", { name: /^Create/ }).count(), 0);
  form.release();
  const { labels } = await untilIs(issue, "both labels", (now) => now.labels.length === had.length + 2);
  assert.deepEqual(labels.map(({ name }) => name).toSorted(), [...had, one, other].toSorted());
  await page.keyboard.press("Escape");
  await stage.untilSettled();
  await page.close();
});

test("a priority's number and the way to it by arrows wait for the priorities", limit, async () => {
  const issue = await stage.issueIn("linear", "backlog");
  const page = await stage.openBoard();
  const form = await hold(page, /\/api\/form/);
  const card = page.locator(cardIn("backlog", issue.ref));
  await card.focus();
  await page.keyboard.press("p");
  const field = page.getByRole("combobox", { name: /^Priority of/ });
  const wanted = issue.priority === 1 ? 4 : 1;
  await field.press(String(wanted));
  await form.asked;
  form.release();
  await field.waitFor({ state: "detached" });
  await untilIs(issue, `priority ${wanted}`, ({ priority }) => priority === wanted);

  const again = await stage.openBoard();
  const held = await hold(again, /\/api\/form/);
  await again.locator(cardIn("backlog", issue.ref)).focus();
  await again.keyboard.press("p");
  // The list begins at the priority that the issue has.
  await again.getByRole("combobox", { name: /^Priority of/ }).press(wanted === 1 ? "ArrowDown" : "ArrowUp");
  await again.keyboard.press("Enter");
  await held.asked;
  held.release();
  const beside = wanted === 1 ? 2 : 3;
  await untilIs(issue, `priority ${beside}`, ({ priority }) => priority === beside);
  await stage.untilSettled();
  await page.close();
  await again.close();
});

test(
  "Enter in a search for a parent waits for the answer, and takes what was typed, not what was found before",
  limit,
  async () => {
    const { server, browser } = stage;
    const issue = await stage.issueIn("github", "backlog");
    const parent = await stage.issueIn("github", "done");
    const { page } = await browser.open();
    await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
    await page.locator(".properties [data-field=parent]").click();
    const field = page.getByRole("combobox", { name: /^Parent of/ });
    // What was changed last is offered before anything is typed.
    await page.getByRole("option").first().waitFor();
    const search = await hold(page, /\/api\/issues\?/);
    await field.fill(parent.ref);
    await field.press("Enter");
    await search.asked;
    search.release();
    const { parent: found } = await untilIs(issue, "a parent", (now) => now.parent !== null);
    assert.equal(found?.ref, parent.ref);
    await stage.untilSettled();
    await page.close();
  },
);

test("Enter after the tracker's own word for a state waits until the words are known", limit, async () => {
  const { page, issue } = await openOnCard();
  const word = (await formOf(issue)).statuses.find(({ status }) => status === "done")?.state?.toLowerCase();
  assert.ok(word !== undefined && !"done".includes(word), `a word of its own: ${word}`);
  const words = await hold(page, /\/api\/(issues\/.*\/moves|form)/);
  await page.keyboard.press("s");
  const field = page.getByRole("combobox", { name: /^Move/ });
  await field.fill(word);
  await field.press("Enter");
  await words.asked;
  words.release();
  await stage.untilTaken(issue.address, "done");
  await stage.untilSettled();
  await page.close();
});

test("A on an issue that is still being read starts an agent on it once it is there", limit, async () => {
  const { server, browser } = stage;
  const issue = await stage.issueIn("github", "backlog");
  const { page } = await browser.open();
  const read = await hold(page, /\/api\/issues\//);
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".issue-grid[aria-busy=true]").waitFor();
  await page.keyboard.press("a");
  read.release();
  await page.getByRole("dialog", { name: `Start agent on ${issue.ref}` }).waitFor();
  await page.close();
});

test("E on an issue waits until its workspaces are read, and says so where there is none", limit, async () => {
  const { server, browser } = stage;
  const issue = await stage.issueIn("github", "backlog");
  const { page } = await browser.open();
  const read = await hold(page, /\/api\/workspaces(\?|$)/);
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator("[data-start-agent]:enabled").waitFor();
  await read.asked;
  await page.keyboard.press("e");
  const words = page.locator(".toast-text", { hasText: `${issue.ref} has no workspace yet` });
  assert.equal(await words.count(), 0);
  read.release();
  await words.waitFor();

  // What is pressed after it takes its place.
  const again = await hold(page, /\/api\/workspaces(\?|$)/);
  await page.reload();
  await page.locator("[data-start-agent]:enabled").waitFor();
  await again.asked;
  await page.keyboard.press("e");
  await page.keyboard.press("s");
  await page.getByRole("combobox", { name: /^Move/ }).waitFor();
  again.release();
  await page.locator(".work", { hasText: "No workspace yet." }).waitFor();
  assert.equal(await words.count(), 0);
  await page.close();
});

test("what is pressed before a property's list has the focus is for the list", limit, async () => {
  const { server, browser } = stage;
  const issue = await stage.issueIn("github", "backlog");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator("[data-start-agent]:enabled").waitFor();
  // The list takes the focus with the next frame.
  await page.evaluate(`{
    const draw = requestAnimationFrame;
    const held = [];
    globalThis.requestAnimationFrame = (work) => held.push(work);
    globalThis.releaseFrames = () => {
      globalThis.requestAnimationFrame = draw;
      for (const work of held) draw(work);
    };
  }`);
  await page.keyboard.press("s");
  await page.keyboard.press("3");
  assert.equal((await stage.read(issue.address)).status, "backlog");
  await page.evaluate("releaseFrames()");
  await stage.untilTaken(issue.address, "in_progress");
  await stage.untilSettled();
  await page.close();
});

test("after G a key leads elsewhere from an issue's page, too", limit, async () => {
  const { server, browser } = stage;
  const issue = await stage.issueIn("github", "backlog");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".properties [data-field=status]").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.waitForURL("**/settings");
  await page.close();
});

test("an agent that is started before it is known which one the project has is that one", limit, async () => {
  const { server, browser } = stage;
  const issue = await stage.issueIn("github", "backlog");
  const { page } = await browser.open();
  const answer = Promise.withResolvers<void>();
  await page.route(/\/api\/projects(\?|$)/, async (route) => {
    const response = await route.fetch();
    const known = (await response.json()) as ProjectsShape;
    await answer.promise;
    const projects = known.projects.map((project) => ({ ...project, agent: "codex" }));
    await route.fulfill({ response, json: { ...known, projects } });
  });
  await page.route(/\/api\/agents$/, (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  );
  await goTo(page, server, "/");
  await page.locator(cardIn("backlog", issue.ref)).focus();
  await page.keyboard.press("a");
  await page.locator(".start-form").waitFor();
  const started = page.waitForRequest(
    (request) => request.method() === "POST" && request.url().endsWith("/api/agents"),
  );
  await page.keyboard.press("Control+Enter");
  await page.locator(".start-form [type=submit]:disabled").waitFor();
  answer.resolve();
  assert.equal(((await started).postDataJSON() as { agent: string }).agent, "codex");
  await page.close();
});

test(
  "a new issue's title that is typed before the dialog is there stands in it, and is sent by the key for it",
  limit,
  async () => {
    const page = await stage.openBoard();
    const part = await hold(page, /\/assets\/create-dialog-.*\.js$/);
    await page.reload();
    const issue = await stage.issueIn("github", "backlog");
    await page.locator(cardIn("backlog", issue.ref)).focus();
    await page.keyboard.press("c");
    await part.asked;
    // Each of these does something to the card that has the focus.
    await page.keyboard.type("six apisx");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Enter");
    await page.keyboard.type("The text");
    await page.keyboard.press("Control+Enter");
    assert.equal(await page.locator(".bulk-bar").count(), 0);
    part.release();
    // The dialog may be gone again before anybody has seen it: what it was sent for is waited for.
    const made = page.locator(".card[data-ref]", { hasText: "six apis" });
    await made.waitFor();
    await page.locator(".create").waitFor({ state: "detached" });
    await made.click();
    await page.locator(".issue-panel .issue-text", { hasText: "The text" }).waitFor();
    await stage.untilSettled();
    await page.close();
  },
);

test("the number of a status that is pressed before the list is there moves the issue", limit, async () => {
  const page = await stage.openBoard();
  const part = await hold(page, /\/assets\/field-dialog-.*\.js$/);
  await page.reload();
  const issue = await stage.issueIn("github", "backlog");
  await page.locator(cardIn("backlog", issue.ref)).focus();
  await page.keyboard.press("s");
  await part.asked;
  await page.keyboard.press("3");
  part.release();
  await stage.untilTaken(issue.address, "in_progress");
  await stage.untilSettled();
  await page.close();
});

test("the palette that is asked for while it is there goes on taking what is typed", limit, async () => {
  const page = await stage.openBoard();
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search or run a command" });
  await field.fill("go ");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("to");
  await page.waitForFunction(() => (document.activeElement as HTMLInputElement).value === "go to");
  await page.close();
});

test(
  "a new issue that is sent before its fields are known is created once they are, with what is typed until then",
  limit,
  async () => {
    const { openBoard, untilSettled } = stage;
    const page = await openBoard();
    const form = await hold(page, /\/api\/form\?/);
    await page.keyboard.press("c");
    await page.locator(".create-title").fill("Sent in a hurry");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Creating…" }).waitFor();
    await page.locator(".create-title").fill("Sent in a hurry, and written on");
    form.release();
    await page.locator(".create").waitFor({ state: "detached" });
    await untilSettled();
    await page.locator(".card[data-ref]", { hasText: "Sent in a hurry, and written on" }).waitFor();
    await page.close();
  },
);

test("a new issue whose fields could not be read is tried again by sending it", limit, async () => {
  const { openBoard, untilSettled } = stage;
  const page = await openBoard();
  await page.route(/\/api\/form\?/, (route) => route.abort(), { times: 1 });
  await page.keyboard.press("c");
  await page.locator(".create-title").fill("Sent twice");
  await page.locator(".create-fields").getByRole("alert").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator(".create").waitFor({ state: "detached" });
  await untilSettled();
  const card = page.locator(".card[data-ref]", { hasText: "Sent twice" });
  await card.waitFor();
  assert.equal(await card.count(), 1);
  await page.close();
});

/** A board whose palette is asked for, and is not there until `release` is called. */
async function openBeforePalette(): Promise<{ readonly page: Page; readonly release: () => void }> {
  const { page } = await openOnCard();
  const part = await hold(page, /\/assets\/palette-.*\.js$/);
  await page.reload();
  await page.locator(".card[data-ref]").first().focus();
  await page.keyboard.press("Control+k");
  await part.asked;
  return { page, release: part.release };
}

test("Enter before the palette is there chooses what the text before it finds", limit, async () => {
  const { page, release } = await openBeforePalette();
  await page.keyboard.type("activity and outbox");
  await page.keyboard.press("Enter");
  release();
  await page.waitForURL("**/activity");
  await page.close();
});

test("what is typed before the palette is there is for the palette alone", limit, async () => {
  const { page, release } = await openBeforePalette();
  // Each of these does something to the card that has the focus.
  await page.keyboard.type("six apis");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  release();
  const field = page.getByRole("combobox", { name: "Search or run a command" });
  await field.waitFor();
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>(".palette-field input")?.value === "six api",
  );
  assert.equal(await page.locator(".bulk-bar, .field-dialog, .start-agent").count(), 0);
  assert.equal(new URL(page.url()).pathname, "/");
  await page.close();
});

test(
  "Enter in the palette waits for the answer, and opens what was asked for, not what was found before",
  limit,
  async () => {
    const found = await stage.issueIn("github", "backlog");
    const wanted = await stage.issueIn("linear", "backlog");
    const page = await stage.openBoard();
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Search or run a command" });
    await field.fill(found.ref);
    await page.locator(".palette-row[aria-selected=true]", { hasText: found.ref }).waitFor();
    const search = await hold(page, /\/api\/issues\?/);
    await field.fill(wanted.ref);
    await field.press("Enter");
    await search.asked;
    search.release();
    await page.locator(".issue-panel .issue-head", { hasText: wanted.ref }).waitFor();
    await page.close();
  },
);

test(
  "an issue and a dialog that come in the same moment: the dialog lies over the issue, and both can be used",
  limit,
  async () => {
    const { page, issue } = await openOnCard();
    const parts = await hold(page, /\/assets\/(?:create-dialog|issue-panel)-.*\.js$/);
    await page.reload();
    const card = page.locator(cardIn("backlog", issue.ref));
    await card.waitFor();
    await page.keyboard.press("c");
    await parts.asked;
    await card.click();
    parts.release();
    const dialog = page.getByRole("dialog", { name: "New issue" });
    await dialog.getByRole("textbox", { name: "Title" }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("dialog").locator(".issue-title").waitFor();
    await page.close();
  },
);
