import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { startEmulators, type Emulators } from "../../emulators/start.ts";
import { makePanHome, type PanHome } from "../../src/cli/fixture.ts";
import type { BoardShape } from "../../src/server/contract/issue.ts";
import type { ChangedProjectShape, ProjectsShape } from "../../src/server/contract/project.ts";
import { trackers } from "../../src/trackers/registry.ts";
import type { TrackerDefinition } from "../../src/trackers/tracker.ts";
import { goToBoard, untilTotal } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, isSynced, type PanServer, startPan, untilTrackers } from "../support/stage.ts";
import { findViolations } from "./find-violations.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

const limit = { timeout: 120_000 };

let emulators: Emulators;
let closeEmulators: () => Promise<void>;
let home: PanHome;
let server: PanServer;
let browser: TestBrowser;
let page: Page;
const complaints: string[] = [];
/** Every response body that the server sent to the browser. */
const bodies: string[] = [];

before(async () => {
  ({ emulators, close: closeEmulators } = await startEmulators({ issues: 60, seed: 7 }));
  // The first team's workflow lacks a state for one column.
  emulatorOf("linear").world.renameState?.(sourceOf("linear").key, "In Review", "Polishing");
  home = makePanHome();
  server = await startPan(home, { env: { PATH: "/usr/bin:/bin" } });
  browser = await openBrowser();
  ({ page } = await browser.open());
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("response", (response) => {
    if (!response.url().startsWith(server.url) || response.url().endsWith("/api/events")) return;
    // A page that is left takes its responses with it.
    response.text().then(
      (text) => bodies.push(text),
      () => undefined,
    );
  });
});

after(async () => {
  await browser.close();
  await home[Symbol.asyncDispose]();
  await closeEmulators();
});

function emulatorOf(tracker: string) {
  const found = emulators[tracker];
  assert.ok(found);
  return found;
}

function sourceOf(tracker: string) {
  const [source] = emulatorOf(tracker).sources;
  assert.ok(source);
  return source;
}

/** What to type into a tracker's form, by field. */
function valuesOf({ id, credentialFields }: TrackerDefinition): Map<string, string> {
  const { credentials } = emulatorOf(id);
  return new Map(
    credentialFields.flatMap(({ name, env }) => {
      const value = credentials[env[0] ?? ""];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

const secretOf = (definition: TrackerDefinition): string =>
  valuesOf(definition).get(definition.credentialFields.find(({ secret }) => secret)?.name ?? "") ?? "";

/** The number of issues in the chosen sources. */
const chosenIssues = () =>
  Object.keys(emulators).reduce((sum, id) => sum + emulatorOf(id).world.issues(sourceOf(id).key).length, 0);

/** Presses a key until the target has the focus. */
async function pressUntil(key: string, target: Locator): Promise<void> {
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press(key);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${key} did not lead there`);
}

/** Opens a tracker's form, fills it in, tests and saves it, without a pointer. */
async function connectByKeyboard(definition: TrackerDefinition, connect: Locator, form: Locator): Promise<void> {
  await pressUntil("Tab", page.locator(".skip"));
  await page.keyboard.press("Enter");
  await pressUntil("Tab", connect);
  await page.keyboard.press("Enter");
  await form.waitFor();
  for (const [name, value] of valuesOf(definition)) {
    const field = form.locator(`[name=${name}]`);
    if (!(await field.evaluate((element) => element === document.activeElement))) await pressUntil("Tab", field);
    await page.keyboard.insertText(value);
  }
  await pressUntil("Tab", form.getByRole("button", { name: "Test connection" }));
  // The button is disabled long enough for the focus to move on; it must return to the button.
  emulatorOf(definition.id).faults.add({ kind: "slow", value: 500, times: 1 });
  const focused = await page.evaluateHandle(focusAtOutcome);
  await page.keyboard.press("Enter");
  await untilTested(form);
  assert.equal(await focused.evaluate(({ words }) => words), "Test connection");
  await pressUntil("Shift+Tab", form.getByRole("button", { name: "Save" }));
  await page.keyboard.press("Enter");
}

/** In the page: returns an object that records which element had the focus when the test's outcome arrived. */
function focusAtOutcome(): { words: string | null } {
  const seen: { words: string | null } = { words: null };
  const observer = new MutationObserver(() => {
    if (!/\d (repositories|teams|projects) · /.test(document.querySelector(".outcome")?.textContent ?? "")) return;
    seen.words = document.activeElement?.textContent ?? null;
    observer.disconnect();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  return seen;
}

async function connectByPointer(definition: TrackerDefinition, connect: Locator, form: Locator): Promise<void> {
  await connect.click();
  for (const [name, value] of valuesOf(definition)) await form.locator(`[name=${name}]`).fill(value);
  await form.getByRole("button", { name: "Test connection" }).click();
  await untilTested(form);
  await form.getByRole("button", { name: "Save" }).click();
}

async function untilTested(form: Locator): Promise<void> {
  await form.locator(".outcome", { hasText: /\d (repositories|teams|projects) · / }).waitFor();
  assert.equal(await page.locator(".fix").count(), 0);
}

test("the first run leads from nothing to a full board, tracker by tracker, in the browser", limit, async () => {
  await goToBoard(page, server);
  await page.locator(".first-run").waitFor();
  assert.deepEqual(await findViolations(page), []);
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New issue" });
  await dialog.getByText("No project has sources yet").waitFor();
  assert.equal(await dialog.locator(".bone").count(), 0, "nothing is being loaded");
  await dialog.getByRole("link", { name: "Connect a tracker" }).click();
  await dialog.waitFor({ state: "detached" });
  for (const [index, definition] of trackers.entries()) {
    const connect = page.getByRole("button", { name: `Connect ${definition.label}`, exact: true });
    await (index === 0 ? connectByKeyboard : connectByPointer)(definition, connect, page.locator(".credential-form"));
    await page.getByRole("button", { name: `Change ${definition.label}`, exact: true }).waitFor();
    await page.locator("button:focus", { hasText: "Choose what to mirror" }).waitFor();
  }
  const written = readFileSync(home.paths.envFile, "utf8");
  for (const definition of trackers) assert.ok(written.includes(secretOf(definition)), definition.id);
  assert.equal(statSync(home.paths.envFile).mode & 0o777, 0o600);

  await page.getByRole("button", { name: "Choose what to mirror" }).click();
  for (const { id } of trackers) {
    await page.getByLabel("Search sources").fill(sourceOf(id).key);
    await page
      // Case-sensitive: another tracker's key may have the same letters.
      .locator(".choice", { hasText: new RegExp(RegExp.escape(sourceOf(id).key)) })
      .locator("input")
      .check();
  }
  await page.getByLabel("Name", { exact: true }).fill("Everything");
  await page.getByRole("button", { name: "Add project" }).click();
  await page.locator(".card[data-ref]").first().waitFor();
  await untilTrackers(server, (shape) => isSynced(shape), "all five are synced");
});

test("issues outside the history window are counted, and mirrored on request", limit, async () => {
  const { notMirrored } = await server.get<BoardShape>("/api/board");
  assert.ok(
    notMirrored.some(({ history }) => history),
    "the seed has old closed issues",
  );
  await page
    .locator(".bar")
    .getByRole("button", { name: /not mirrored/ })
    .click();
  await page.getByRole("button", { name: /^Mirror / }).click();
  await untilTotal(page, chosenIssues());
  assert.match(readFileSync(home.paths.projectsFile, "utf8"), /history: all/);
});

test(
  "a failing Rally connection says why and what to do, before and after saving, and can be fixed",
  limit,
  async () => {
    await page.goto(`${server.url}/settings`);
    const card = page.locator("#tracker-rally");
    const pencil = card.getByRole("button", { name: "Edit Rally credentials" });
    await pencil.click();
    assert.equal(await card.locator("[name=apiKey]").inputValue(), "", "a stored key is not in the page");
    await page.keyboard.press("Escape");
    const isFocusBack = () =>
      eventually(
        async () => ((await pencil.evaluate((own) => own === document.activeElement)) ? true : undefined),
        "the focus is back",
      );
    assert.ok(await isFocusBack());

    await pencil.click();
    await card.locator("[name=workspace]").fill("/workspace/1");
    await card.getByRole("button", { name: "Test connection" }).click();
    const failure = card.locator(".fix");
    await failure.waitFor();
    const said = await failure.innerText();
    assert.match(said, /Could not read: Cannot find object to read/);
    assert.match(said, /Sent\s+GET .*query=\(/);
    assert.match(said, /Fix\s+\S/);

    await card.locator("[name=workspace]").fill("");
    await card.locator("[name=apiKey]").fill("_canary_wrong_key");
    await card.getByRole("button", { name: "Save" }).click();
    await pencil.waitFor();
    await card.locator(".outcome", { hasText: "Failed" }).waitFor();
    assert.match(await failure.innerText(), /RALLY_API_KEY/);
    assert.ok(await isFocusBack());

    await pencil.click();
    const rally = trackers.find(({ id }) => id === "rally");
    assert.ok(rally);
    await card.locator("[name=apiKey]").fill(secretOf(rally));
    await card.getByRole("button", { name: "Save" }).click();
    await card.locator(".outcome", { hasText: /projects · / }).waitFor();
    await card.locator(".health", { hasText: /Connected|Syncing/ }).waitFor();
    assert.equal(await failure.count(), 0);
  },
);

test("the mapping is edited in its table and affects the board; a missing state is created", limit, async () => {
  const inPlanning = async () =>
    (await server.get<BoardShape>("/api/board?tracker=linear")).columns.find(({ status }) => status === "planning")
      ?.total;
  const before = await inPlanning();
  await page.goto(`${server.url}/settings/projects`);
  await page.getByRole("link", { name: "Everything" }).click();
  const row = page.locator(".mapping tr", { hasText: sourceOf("linear").name });
  const cell = (status: string) => row.locator(`td[data-label="${status}"] .state-cell`);

  assert.match(await cell("Backlog").innerText(), /^(?!Triage)[^]*\nalso read: Triage$/, "no move leads to triage");
  await cell("Planning").focus();
  await page.keyboard.press("Enter");
  await page.locator(".picker-popup input").fill("Todo");
  await page.keyboard.press("Enter");
  await cell("Planning").getByText("set by you").waitFor();
  const todo = emulatorOf("linear").world.issues(sourceOf("linear").key).length;
  assert.ok(todo > 0);
  const after = await eventually(async () => {
    const now = await inPlanning();
    return now === before ? undefined : now;
  }, "the board follows the mapping");
  assert.match(readFileSync(home.paths.projectsFile, "utf8"), /planning: Todo/);
  await page.goto(`${server.url}/?tracker=linear`);
  await page.locator(`[data-status=planning] .column-count`, { hasText: new RegExp(`^${after}$`) }).waitFor();

  await page.goBack();
  const rally = page.locator(".mapping tr", { hasText: sourceOf("rally").name });
  await rally.locator(".state-cell").first().click();
  for (const typed of ["o", "e", ""]) await page.locator(".picker-popup input").fill(typed);
  const offered = await page.locator(".picker-popup [role=option]").allInnerTexts();
  assert.deepEqual(offered, [...new Set(offered)], "each state is offered once");
  await page.keyboard.press("Escape");

  await cell("Planning").click();
  await page.getByText("Reset to detected").click();
  await cell("Planning").getByText("detected").waitFor();
  assert.equal(await inPlanning(), before);

  await cell("In Review").getByText("missing in Linear").waitFor();
  await cell("In Review").click();
  await page.getByText("Create In Review in Linear").click();
  await cell("In Review").getByText("detected").waitFor();
  assert.doesNotMatch(readFileSync(home.paths.projectsFile, "utf8"), /planning:/);
});

test("a choice made while the previous one is being saved keeps both", limit, async () => {
  await page.goto(`${server.url}/settings/projects`);
  await page.getByRole("link", { name: "Everything" }).click();
  const cellOf = (tracker: string) =>
    page.locator(".mapping tr", { hasText: sourceOf(tracker).name }).locator('td[data-label="Planning"] .state-cell');
  const answer = Promise.withResolvers<void>();
  await page.route(/\/states\?/, async (route) => {
    if (route.request().method() === "PUT") await answer.promise;
    await route.continue();
  });
  const choose = async (tracker: string, state: string) => {
    await cellOf(tracker).click();
    await page.locator(".picker-popup input").fill(state);
    await page.keyboard.press("Enter");
  };
  await choose("linear", "Todo");
  await cellOf("linear").getByText("saving…").waitFor();
  await choose("jira", "To Do");
  answer.resolve();
  for (const tracker of ["linear", "jira"]) await cellOf(tracker).getByText("set by you").waitFor();
  const written = readFileSync(home.paths.projectsFile, "utf8");
  assert.match(written, /planning: Todo/);
  assert.match(written, /planning: "?To Do/);
  await page.unroute(/\/states\?/);
  for (const tracker of ["linear", "jira"]) {
    await cellOf(tracker).click();
    await page.getByText("Reset to detected").click();
    await cellOf(tracker).getByText("set by you").waitFor({ state: "detached" });
  }
});

test("a project's keys and sources are edited in place, with errors at the field", limit, async () => {
  const text = readFileSync(home.paths.projectsFile, "utf8");
  home.write("projects", `# mine\n${text.replace("name: Everything", "name: Everything # all of it")}`);
  await page.reload();
  const path = page.getByLabel("Local checkout");
  await path.fill("not/absolute");
  await path.press("Enter");
  await page.locator(".setting-row", { has: path }).getByRole("alert").waitFor();
  await path.press("Escape");
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("All");
  await name.press("Enter");
  await page.getByRole("heading", { name: "All", exact: true }).waitFor();
  const [, second] = emulatorOf("github").sources;
  const shared = page.getByText("applies to all sources of its tracker in this project");
  assert.equal(await shared.count(), 0, "each tracker has one source");
  await page.getByRole("button", { name: "Add source" }).click();
  await page
    .locator(".choice", { hasText: second?.key ?? "" })
    .locator("input")
    .check();
  await page.getByRole("button", { name: `Remove ${second?.key}` }).waitFor();
  await shared.waitFor();
  await page.getByRole("button", { name: `Remove ${sourceOf("jira").key}` }).click();
  await page.getByText(new RegExp(`^${trackers.length} sources`)).waitFor();
  const edited = readFileSync(home.paths.projectsFile, "utf8");
  assert.match(edited, /^# mine\n/);
  assert.match(edited, /name: All # all of it/);
  assert.ok(edited.includes(second?.key ?? "") && !edited.includes("jira_project"));
});

test("shadow mode of all projects is one switch", limit, async () => {
  const shadow = /^ *shadow: true$/m;
  await page.goto(`${server.url}/settings`);
  const all = page.getByRole("switch", { name: "Shadow mode for all projects" });
  await all.and(page.locator("[aria-checked=false]")).click();
  await all.and(page.locator("[aria-checked=true]:enabled")).waitFor();
  assert.match(readFileSync(home.paths.projectsFile, "utf8"), shadow);
  assert.ok((await server.get<ProjectsShape>("/api/projects")).projects.every((project) => project.shadow));
  await all.click();
  await all.and(page.locator("[aria-checked=false]:enabled")).waitFor();
  assert.doesNotMatch(readFileSync(home.paths.projectsFile, "utf8"), shadow);
});

test("a source whose tracker cannot be asked is accepted with a warning", limit, async () => {
  const gitlab = emulatorOf("gitlab");
  const other = gitlab.sources[1]?.key ?? assert.fail("GitLab has a second project");
  await page.goto(`${server.url}/settings/projects`);
  await page.getByRole("button", { name: "Add project" }).click();
  await page.getByLabel("Search sources").fill(other);
  await page.locator(".choice", { hasText: other }).locator("input").check();
  await page.getByLabel("Name", { exact: true }).fill("Unseen");
  gitlab.faults.add({ kind: "server-error", times: Number.POSITIVE_INFINITY });
  const answering = page.waitForResponse((response) => response.request().method() === "POST");
  await page.locator("form.project").getByRole("button", { name: "Add project" }).click();
  const { unchecked } = (await (await answering).json()) as ChangedProjectShape;
  const [{ reason, hint } = assert.fail("it was checked")] = unchecked;
  assert.ok(hint !== undefined, "there is something to do about it");
  const words = `${reason} ${hint}`.replaceAll("\n", " ").replaceAll("`", "");
  await page.locator(".toast", { hasText: `Couldn’t check gitlab:${other}: ${words}` }).waitFor();
  gitlab.faults.clear();
  await page.locator("form.project").waitFor({ state: "detached" });
  assert.match(readFileSync(home.paths.projectsFile, "utf8"), /name: Unseen/);
});

test("a token is removed from the file, and no response ever contained a secret", limit, async () => {
  await page.goto(`${server.url}/settings`);
  const card = page.locator("#tracker-jira");
  await card.getByRole("button", { name: "Edit Jira credentials" }).click();
  await card.getByRole("button", { name: "Remove" }).click();
  await card.getByRole("button", { name: /^Remove JIRA_API_KEY.* from the file$/ }).click();
  await card.getByRole("button", { name: "Connect Jira" }).waitFor();
  assert.equal(await card.locator(".health").innerText(), "Not connected");
  assert.equal(await card.locator(".outcome").innerText(), "", "there is nothing to test");
  assert.ok(await card.getByRole("button", { name: "Test connection" }).isDisabled());
  assert.doesNotMatch(readFileSync(home.paths.envFile, "utf8"), /JIRA_/);
  await page.getByRole("tab", { name: "Appearance" }).click();
  await page.getByText("Dark", { exact: true }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset["theme"]), "dark");

  assert.deepEqual(complaints, []);
  assert.ok(bodies.length > 50, `${bodies.length} answers were read`);
  for (const definition of trackers) {
    const secret = secretOf(definition);
    assert.ok(secret.length > 8);
    assert.ok(!bodies.some((body) => body.includes(secret)), `${definition.label}'s secret came to the browser`);
  }
  assert.ok(!bodies.some((body) => body.includes("_canary_wrong_key")));
});
