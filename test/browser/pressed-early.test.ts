// Keys pressed before their target exists wait for it: they are neither lost nor taken for something else.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { SourceFormShape } from "../../src/server/contract/change.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import type { ProjectsShape } from "../../src/server/contract/project.ts";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, openChangesStage } from "./changes-stage.ts";
import { cardIn } from "./live-stage.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

/** Holds matching requests. `asked` resolves at the first one, `release` lets them all through. */
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

/** Waits until the server's version of an issue satisfies the condition. */
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

/** A board with the focus on GitHub's first backlog card. */
async function openOnCard(): Promise<{ readonly page: Page; readonly issue: IssueDetailShape }> {
  const issue = await stage.issueIn("github", "backlog");
  const page = await stage.openBoard();
  await page.locator(cardIn("backlog", issue.ref)).focus();
  return { page, issue };
}

test("labels chosen before the list loads are the intended ones", limit, async () => {
  const { page, issue } = await openOnCard();
  const had = issue.labels.map(({ name }) => name);
  const [one, other] = (await formOf(issue)).labels.map(({ name }) => name).filter((name) => !had.includes(name));
  assert.ok(one !== undefined && other !== undefined);
  const form = await hold(page, /\/api\/form/);
  await page.keyboard.press("Shift+L");
  const field = page.getByRole("combobox", { name: /^Labels of/ });
  for (const label of [one, other]) {
    // The start of a name would create a new label if existing ones were not awaited.
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

test("a priority's digit and arrow keys wait for the priorities", limit, async () => {
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
  // The list starts at the issue's priority.
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
  "Enter in a parent search waits for the response and uses what was typed, not earlier results",
  limit,
  async () => {
    const { server, browser } = stage;
    const issue = await stage.issueIn("github", "backlog");
    const parent = await stage.issueIn("github", "done");
    const { page } = await browser.open();
    await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
    await page.locator(".properties [data-field=parent]").click();
    const field = page.getByRole("combobox", { name: /^Parent of/ });
    // The most recently changed issues are offered before anything is typed.
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

test("Enter after a native state's name waits until the states are loaded", limit, async () => {
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

test("A on an issue that is still loading starts an agent once it is loaded", limit, async () => {
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

test("E on an issue waits until its workspaces are loaded, and says so if there is none", limit, async () => {
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

  // A later key replaces it.
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

test("keys pressed before a property's list has the focus go to the list", limit, async () => {
  const { server, browser } = stage;
  const issue = await stage.issueIn("github", "backlog");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator("[data-start-agent]:enabled").waitFor();
  // The list takes the focus in the next frame.
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

test("a G chord works from an issue's page too", limit, async () => {
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

test("an agent started before the project's default is loaded is the default one", limit, async () => {
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
  "a new issue's title typed before the dialog opens appears in it, and its shortcut submits it",
  limit,
  async () => {
    const page = await stage.openBoard();
    const part = await hold(page, /\/assets\/create-dialog-.*\.js$/);
    await page.reload();
    const issue = await stage.issueIn("github", "backlog");
    await page.locator(cardIn("backlog", issue.ref)).focus();
    await page.keyboard.press("c");
    await part.asked;
    // Each of these keys would act on the focused card.
    await page.keyboard.type("six apisx");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Enter");
    await page.keyboard.type("The text");
    await page.keyboard.press("Control+Enter");
    assert.equal(await page.locator(".bulk-bar").count(), 0);
    part.release();
    // The dialog may close before it is seen, so wait for the created issue.
    const made = page.locator(".card[data-ref]", { hasText: "six apis" });
    await made.waitFor();
    await page.locator(".create").waitFor({ state: "detached" });
    await made.click();
    await page.locator(".issue-panel .issue-text", { hasText: "The text" }).waitFor();
    await stage.untilSettled();
    await page.close();
  },
);

test("a status digit pressed before the list opens moves the issue", limit, async () => {
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

test("requesting the open palette again does not interrupt typing", limit, async () => {
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
  "a new issue submitted before its fields load is created afterwards, including what was typed meanwhile",
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

test("what is typed while a new issue is being created becomes part of it", limit, async () => {
  const { openBoard, untilSettled, server } = stage;
  const page = await openBoard();
  const creation = Promise.withResolvers<void>();
  await page.route(/\/api\/issues$/, async (route) => {
    const response = await route.fetch();
    await creation.promise;
    await route.fulfill({ response });
  });
  await page.keyboard.press("c");
  await page.locator(".create-title").fill("Sent already");
  const asked = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/api/issues"));
  await page.keyboard.press("Control+Enter");
  await asked;
  await page.locator(".create-title").fill("Sent already, and written on");
  await page.locator(".create textarea[data-field=body]").fill("A text of its own");
  const edited = page.waitForResponse((response) => response.request().method() === "PATCH");
  creation.resolve();
  await page.locator(".create").waitFor({ state: "detached" });
  const card = page.locator(".card[data-ref]", { hasText: "Sent already, and written on" });
  await card.waitFor();
  await edited;
  await untilSettled();
  const { issues } = await server.get<IssueListShape>("/api/issues?q=already");
  const { title, body } = await stage.read(issues[0]?.address ?? "");
  assert.deepEqual({ title, body }, { title: "Sent already, and written on", body: "A text of its own" });
  await page.close();
});

test("submitting a new issue again retries loading its fields", limit, async () => {
  const { openBoard, untilSettled } = stage;
  const page = await openBoard();
  // The page asks twice by itself.
  await page.route(/\/api\/form\?/, (route) => route.abort(), { times: 2 });
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

/** A board whose palette was requested but does not load until `release` is called. */
async function openBeforePalette(): Promise<{ readonly page: Page; readonly release: () => void }> {
  const { page } = await openOnCard();
  const part = await hold(page, /\/assets\/palette-.*\.js$/);
  await page.reload();
  await page.locator(".card[data-ref]").first().focus();
  await page.keyboard.press("Control+k");
  await part.asked;
  return { page, release: part.release };
}

test("Enter before the palette opens chooses the result for the text typed before it", limit, async () => {
  const { page, release } = await openBeforePalette();
  await page.keyboard.type("activity and outbox");
  await page.keyboard.press("Enter");
  release();
  await page.waitForURL("**/activity");
  await page.close();
});

test("text typed before the palette opens goes to the palette only", limit, async () => {
  const { page, release } = await openBeforePalette();
  // Each of these keys would act on the focused card.
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
  "Enter in the palette waits for the response and opens the result for the text, not an earlier one",
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

test("an issue and a dialog that open at the same moment: the dialog is on top, and both work", limit, async () => {
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
});
