// Single things that are large: an issue with hundreds of comments, one with a thousand changes, a picker with hundreds of labels, a sidebar of a hundred views.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { after, before } from "../support/hooks.ts";
import { addHistory, fillStore, inventedComments, inventedIssue, putIssues } from "../support/invented-issues.ts";
import { testProjects } from "../support/test-config.ts";
import type { Project } from "../../src/config/config.ts";
import type { Store } from "../../src/store/store.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";
import { findViolations } from "./find-violations.ts";

const views = 100;
const comments = 250;
const relations = 120;
const labels = 400;
const sources = 70;
/** The number of the issue that has all of it. */
const large = 1_000;

/** The number of an issue with a long history, and some comments before it. */
const old = 2;
const changes = 1_000;
const earlyComments = 30;
let oldPath: string;

let stage: DashboardStage;
/** Where that issue is. */
let path: string;
let address: string;
/** Its workspace. */
let workspace: number;

before(async () => {
  stage = await openDashboardStage({
    projects: [...testProjects, makeLargeProject()],
    prepare: async (store) => {
      await fillStore(store, 5, Date.now());
      await addLarge(store);
      await addOld(store);
      for (let index = 0; index < views; index += 1) {
        await store.views.create({ name: `View ${index}`, query: `label=label%20${index}` });
      }
    },
  });
});
after(() => stage.close());

/** A project of many sources. */
function makeLargeProject(): Project {
  const [project = assert.fail()] = testProjects;
  const [source = assert.fail()] = project.sources;
  const about = { project: "large", projectName: "large" };
  return {
    ...project,
    id: "large",
    name: "large",
    sources: Array.from({ length: sources }, (_, index) => {
      const name = `service-${index}`;
      return { ...source, ...about, id: `alpha:acme/${name}`, key: `acme/${name}`, refPrefix: name };
    }),
  };
}

async function addLarge(store: Store): Promise<void> {
  const [row] = await store.sources.list();
  assert.ok(row);
  const others = Array.from({ length: relations }, (_, index) => inventedIssue(row, large + 1 + index));
  const issue = inventedIssue(row, large, {
    labelIds: ["n7"],
    relations: others.map(({ nativeId }) => ({ id: `r ${nativeId}`, type: "relates", targetId: nativeId })),
  });
  await store.mirror.applyPage(row.id, {
    changes: [issue, ...others],
    removed: [],
    rejected: [],
    seen: {
      labels: Array.from({ length: labels }, (_, index) => ({ id: `n${index}`, name: `label ${index}`, color: null })),
    },
    requestedAt: Date.now(),
    sync: {},
  });
  const { issues } = await store.board.issues({
    filter: { label: ["label 7"] },
    sort: { key: "created", reverse: false },
    limit: 1,
    cursor: null,
    me: {},
  });
  const [{ id, ...found } = assert.fail()] = issues;
  await store.comments.replace(id, inventedComments(comments), {}, Date.now());
  ({ address } = found);
  path = `/issues/${encodeURIComponent(address)}`;
  workspace = await addWork(store, id);
}

async function addOld(store: Store): Promise<void> {
  const [row] = await store.sources.list();
  assert.ok(row);
  await addHistory(store, row, old, changes);
  const { issues } = await store.board.issues({
    filter: {},
    sort: { key: "updated", reverse: false },
    limit: 500,
    cursor: null,
    me: {},
  });
  const { id, address } = issues.find(({ title }) => title === `Title ${changes}`) ?? assert.fail();
  const { updatedAt } = inventedIssue(row, old);
  const early = inventedComments(earlyComments).map((comment) => ({ ...comment, createdAt: updatedAt - 60_000 }));
  await store.comments.replace(id, early, {}, Date.now());
  oldPath = `/issues/${encodeURIComponent(address)}`;
}

/** A workspace in which an agent has finished; its checkout is elsewhere. */
async function addWork(store: Store, issueId: number): Promise<number> {
  const at = Date.now();
  const place = { repository: "/nowhere", path: "/nowhere/1", branch: "feature/1", base: "main", baseCommit: null };
  const about = { issueId, project: "alpha" };
  const made = { state: "ready", step: null, problem: null, notes: [], at } as const;
  const { id: workspaceId } = await store.work.workspaces.add({ ...about, ...place, ...made });
  const { agent } = await store.work.agents.add({
    ...about,
    workspaceId,
    name: "claude",
    plan: false,
    prompt: "",
    actor: "you",
    at,
  });
  await store.work.agents.update(agent.id, { state: "finished", since: at, endedAt: at });
  return workspaceId;
}

/** Presses a "Show more" button of a section until it is gone; returns what it said each time. */
async function showAll(page: Page, section: string): Promise<readonly string[]> {
  const button = page.getByRole("region", { name: section }).getByRole("button", { name: /^Show \d+ more/ });
  const said: string[] = [];
  while ((await button.count()) > 0) {
    said.push(await button.innerText());
    await button.click();
  }
  return said;
}

test("an issue shows its newest comments and first relations, and the others on request", async () => {
  const { page } = await stage.open(path);
  const [written, related] = [page.locator(".comment"), page.locator(".relation-row")];
  await written.nth(99).waitFor();
  assert.equal(await written.count(), 100);
  // A text follows its comment: the code that renders markdown is loaded with the first one.
  await written.first().getByText(`Comment ${comments}:`).waitFor();
  assert.equal(await related.count(), 50);
  await page.getByRole("heading", { name: `Activity ${comments} comments` }).waitFor();

  assert.deepEqual(await showAll(page, "Activity"), ["Show 100 more of 250", "Show 50 more of 250"]);
  assert.equal(await written.count(), comments);
  await written.last().getByText("Comment 1:").waitFor();
  assert.deepEqual(await showAll(page, "Related issues"), ["Show 50 more of 120", "Show 20 more of 120"]);
  assert.equal(await related.count(), relations);
  await page.close();
});

test("an issue with 1,000 changes shows the newest, says how many are older, and loads them on request", async () => {
  const { page } = await stage.newTab();
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.endsWith("/history") && pathname !== "/api/history") asked.push(search);
  });
  await page.goto(new URL(oldPath, stage.harness.url).href);
  const section = page.getByRole("region", { name: "Activity" });
  const lines = section.locator(".history-line");
  await lines.nth(99).waitFor();
  assert.equal(await lines.count(), 100);
  assert.equal(await page.locator(".comment").count(), 0);
  await section.getByText("100 of 900 that are not shown").waitFor();
  const atFirst = await section.locator("*").count();
  assert.ok(atFirst < 1_000, `${atFirst} elements`);
  assert.deepEqual(asked, [], "nothing is read before it is asked for");

  // The comments before the history follow what is not shown.
  await section.getByRole("button", { name: "Show 30 more of 1,030" }).click();
  await page
    .locator(".comment")
    .nth(earlyComments - 1)
    .waitFor();
  const older = section.getByRole("button", { name: "Show older changes" });
  const isBetween = () =>
    older.evaluate((button) => {
      const [line, comment] = [".history-line", ".comment"].map((what) => [...document.querySelectorAll(what)]);
      const follows = (a?: Node, b?: Node) =>
        a && b && a.compareDocumentPosition(b) === Node.DOCUMENT_POSITION_FOLLOWING;
      return follows(line?.at(-1), button) && follows(button, comment?.[0]);
    });
  assert.equal(await isBetween(), true);
  assert.deepEqual(await findViolations(page), []);

  await older.click();
  await lines.nth(199).waitFor();
  assert.equal(await lines.count(), 200);
  assert.match(await lines.nth(199).innerText(), /Title 801\b/);
  assert.equal(await page.locator(".comment").count(), earlyComments);
  assert.equal(await isBetween(), true);
  await section.getByText("200 of 800 that are not shown").waitFor();

  // A change that arrives meanwhile comes on top, and nothing gets lost at the seam.
  const [row = assert.fail()] = await stage.harness.store.sources.list();
  const later = Date.now() + 10_000_000;
  const last = inventedIssue(row, old, { title: "The last one", updatedAt: later });
  const changed = await putIssues(stage.harness.store, row, [last], later);
  stage.harness.sync.emit({ type: "change", ...changed });
  await lines.first().getByText("The last one").waitFor();
  await section.getByText("200 of 801 that are not shown").waitFor();
  assert.equal(await lines.count(), 200);

  for (const shown of [400, 800, 1_001]) {
    await older.click();
    await lines.nth(shown - 1).waitFor();
    assert.equal(await lines.count(), shown);
  }
  assert.equal(await older.count(), 0);
  const titles = await lines.evaluateAll((all) => all.map((line) => /Title (\d+) ·/.exec(line.textContent ?? "")?.[1]));
  assert.deepEqual(
    titles.slice(1),
    Array.from({ length: changes }, (_, index) => String(changes - index)),
  );
  assert.ok(asked.length <= 6, `${asked.length} requests:\n${asked.join("\n")}`);
  await page.close();
});

test("an issue's page and an agent's ask for their own workspace, not for all: git looks into each", async () => {
  const { page } = await stage.newTab();
  const asked: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname.startsWith("/api/workspaces")) asked.push(url.searchParams.get("ref") ?? url.pathname);
  });
  await page.goto(new URL(path, stage.harness.url).href);
  const section = page.getByRole("region", { name: "Workspace and agents" });
  await section.locator(".workspace code").first().waitFor();
  await section.getByRole("link", { name: /claude/ }).click();
  // Enabled once it is known.
  await page.locator(".agent-pane").getByRole("tab", { name: "STATE.md", disabled: false }).waitFor();
  const whole = asked.filter((what) => !what.endsWith("/changes"));
  assert.deepEqual([...new Set(whole)], [address, `/api/workspaces/${workspace}`]);
  await page.close();
});

test("a picker of many entries renders those in sight, and reaches every one by keys, scrolling and typing", async () => {
  const { page } = await stage.open(path);
  await page.locator(".comment").first().waitFor();
  await page.keyboard.press("l");
  const options = page.getByRole("option");
  const current = page.locator(".choices-list [data-current]");
  const field = page.getByRole("combobox", { name: /^Labels of/ });
  await options.nth(20).waitFor();
  assert.ok((await options.count()) <= 80, `${await options.count()} rows`);
  const all = Number(await options.first().getAttribute("aria-setsize"));
  assert.ok(all >= labels, `${all} entries`);

  const untilAt = async (place: number) => {
    await page.locator(`.choices-list [data-current][aria-posinset="${place}"]`).waitFor();
    assert.equal(await field.getAttribute("aria-activedescendant"), await current.getAttribute("id"));
    await page.waitForFunction(() => {
      const list = document.querySelector(".choices-list")?.getBoundingClientRect();
      const row = document.querySelector(".choices-list [data-current]")?.getBoundingClientRect();
      return list && row && row.top >= list.top - 1 && row.bottom <= list.bottom + 1;
    });
  };
  await page.keyboard.press("ArrowUp");
  await untilAt(all);
  await page.keyboard.press("ArrowDown");
  await untilAt(1);
  for (let place = 2; place <= 130; place += 1) await page.keyboard.press("ArrowDown");
  await untilAt(130);

  assert.deepEqual(await findViolations(page), []);
  await page.locator(".choices-list").evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
  await page.locator(`.choices-list [aria-posinset="${all}"]`).waitFor();
  assert.ok((await options.count()) <= 80, `${await options.count()} rows`);

  await field.fill("label 3");
  await untilAt(1);
  await field.fill("label 321");
  await page.keyboard.press("Enter");
  await page.locator(".properties").getByText("label 321", { exact: true }).waitFor();
  await page.close();
});

test("the source of a new issue is found by typing where a project has many", async () => {
  const { page } = await stage.openBoard("/");
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New issue" });
  await dialog.getByRole("button", { name: /^Project:/ }).click();
  await page.getByRole("combobox", { name: "Project" }).fill("large");
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: /^Source: service-0/ }).click();
  const choices = page.getByRole("combobox", { name: "Source" });
  await choices.fill("service-17");
  await choices.press("Enter");
  await dialog.getByRole("button", { name: /^Source: service-17/ }).waitFor();
  await dialog.getByText("Fields of acme/service-17").waitFor();
  await page.close();
});

test("the state mapping of a project of many sources shows the first, and the others on request", async () => {
  const { page } = await stage.open("/settings/projects/large");
  const rows = page.locator(".mapping tbody tr");
  await rows.nth(49).waitFor();
  assert.equal(await rows.count(), 50);
  assert.deepEqual(await showAll(page, "State mapping"), ["Show 20 more of 70"]);
  assert.equal(await rows.count(), sources);
  await page.close();
});

test("the sidebar reads the counts of the views in sight, and the others when they are scrolled to", async () => {
  const { page } = await stage.newTab();
  const counted = new Set<string>();
  page.on("request", (request) => {
    const label = new URL(request.url()).searchParams.get("label");
    if (label !== null) counted.add(label);
  });
  await page.goto(new URL("/", stage.harness.url).href);
  const counts = page.locator(".view-row:has(.icon-button) .side-count");
  await counts.nth(10).waitFor();
  assert.equal(await page.locator(".view-row:has(.icon-button)").count(), views);
  assert.ok(counted.size < 40, `${counted.size} counts were read`);
  const last = page.locator(".view-row").last();
  await last.scrollIntoViewIfNeeded();
  await last.locator(".side-count").waitFor();
  assert.ok(counted.size < 80, `${counted.size} counts were read`);
  await page.close();
});
