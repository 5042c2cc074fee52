// Shadow mode: the moves that stay here are listed, sent and dropped, and asked about when it is switched off.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { IssueDetailShape } from "../../src/server/contract/issue.ts";
import type { ProjectsShape } from "../../src/server/contract/project.ts";
import type { KeptMovesShape } from "../../src/server/contract/shadow.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, inWorld, openChangesStage } from "./changes-stage.ts";
import { findViolations } from "./find-violations.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
let project: string;
before(async () => {
  stage = await openChangesStage();
  const { projects } = await stage.server.get<ProjectsShape>("/api/projects");
  project = projects[0]?.id ?? assert.fail("there is a project");
});
after(() => stage.close());

async function setShadow(shadow: true | null): Promise<void> {
  const { status } = await stage.server.ask("PATCH", `/api/projects/${project}`, { shadow });
  assert.equal(status, 200);
}

/** Moves an issue of each tracker from the backlog; they stay here. */
async function keepTwo(): Promise<readonly [IssueDetailShape, IssueDetailShape]> {
  const [one, two] = [await stage.issueIn("github", "backlog"), await stage.issueIn("linear", "backlog")];
  for (const { address } of [one, two]) {
    const path = `/api/issues/${encodeURIComponent(address)}`;
    assert.equal((await stage.server.ask("PATCH", path, { status: "in_progress" })).status, 200);
  }
  return [one, two];
}

/** Waits until this many moves stay here. */
const untilKept = (count: number) =>
  eventually(async () => {
    const { total } = await stage.server.get<KeptMovesShape>("/api/shadow");
    return total === count ? true : undefined;
  }, `${count} moves stay here`);

async function openPage(path: string): Promise<Page> {
  const page = await stage.openBoard();
  await page.goto(new URL(path, page.url()).href);
  return page;
}

const keptIn = (page: Page) => page.getByRole("region", { name: /^Kept here/ });

test(
  "moves that stay here are listed in the outbox; one is sent, one dropped, and undo keeps it again",
  limit,
  async () => {
    await setShadow(true);
    const [one, two] = await keepTwo();
    const page = await openPage("/activity");
    const list = keptIn(page);
    await list.getByRole("listitem").nth(1).waitFor();
    const words = await list.getByRole("listitem").filter({ hasText: one.ref }).innerText();
    assert.match(
      words,
      new RegExp(`${one.ref.replace("#", "\\#")}[\\s\\S]*Backlog[\\s\\S]*In Progress[\\s\\S]*ago|now`),
    );
    assert.ok(words.includes(one.title));
    await page.getByRole("region", { name: "Feed" }).getByText("kept here").nth(1).waitFor();
    assert.deepEqual(await findViolations(page), []);

    const former = inWorld(stage.linear, two).state;
    await list.getByRole("button", { name: `Drop move of ${two.ref}` }).click();
    await untilKept(1);
    const toast = page.locator(".toast", { hasText: "1 move dropped" });
    assert.equal((await stage.read(two.address)).status, "backlog");
    await toast.getByRole("button", { name: /^Undo/ }).click();
    await list.getByRole("button", { name: `Drop move of ${two.ref}` }).waitFor();
    assert.equal((await stage.read(two.address)).status, "in_progress");
    assert.equal(inWorld(stage.linear, two).state, former);

    await list.getByRole("button", { name: `Send move of ${one.ref}` }).click();
    await untilKept(1);
    await stage.untilSettled();
    assert.ok(inWorld(stage.github, one).labels.includes("in progress"), "it moved in GitHub");
    const { status, shadow } = await stage.read(one.address);
    assert.deepEqual([status, shadow], ["in_progress", null]);
    assert.equal(inWorld(stage.linear, two).state, former, "the other one did not");
    await list.getByRole("button", { name: `Drop move of ${two.ref}` }).click();
    await list.waitFor({ state: "detached" });
    await page.close();
  },
);

test("switching shadow mode off asks what is to become of them: sent, dropped, or it stays on", limit, async () => {
  await setShadow(true);
  const [one, two] = await keepTwo();
  const page = await openPage(`/settings/projects/${project}`);
  const toggle = page.getByRole("switch", { name: "Shadow mode" });
  await keptIn(page).getByRole("listitem").nth(1).waitFor();
  await toggle.click();
  const question = page.getByRole("group", { name: "Before shadow mode is switched off" });
  await question.getByText("2 moves stayed here, and the trackers do not know them.").waitFor();
  assert.deepEqual(await findViolations(page), []);
  await question.getByRole("button", { name: "Leave shadow mode on" }).click();
  await question.waitFor({ state: "detached" });
  assert.equal(await toggle.getAttribute("aria-checked"), "true");
  await untilKept(2);

  await toggle.click();
  await question.getByRole("button", { name: "Send them and switch off" }).click();
  await toggle.and(page.locator("[aria-checked=false]")).waitFor();
  await stage.untilSettled();
  assert.ok(inWorld(stage.github, one).labels.includes("in progress"));
  assert.equal(inWorld(stage.linear, two).state, "In Progress");
  await untilKept(0);

  await toggle.click();
  await toggle.and(page.locator("[aria-checked=true]:enabled")).waitFor();
  const [, other] = await keepTwo();
  const former = inWorld(stage.linear, other).state;
  await keptIn(page).getByRole("listitem").nth(1).waitFor();
  await toggle.click();
  await question.getByRole("button", { name: "Drop them and switch off" }).click();
  await toggle.and(page.locator("[aria-checked=false]")).waitFor();
  await untilKept(0);
  assert.equal((await stage.read(other.address)).status, "backlog");
  assert.equal(inWorld(stage.linear, other).state, former);
  await page.close();
});

test(
  "moves left when the file switched shadow mode off are listed, and the board shows the trackers' states",
  limit,
  async () => {
    await setShadow(true);
    const [one] = await keepTwo();
    await setShadow(null);
    assert.equal((await stage.read(one.address)).status, "backlog");
    const page = await openPage("/settings");
    const list = keptIn(page);
    await list.getByText("shadow mode is off").first().waitFor();
    await list.getByRole("button", { name: "Send all" }).click();
    await list.waitFor({ state: "detached" });
    await stage.untilSettled();
    assert.ok(inWorld(stage.github, one).labels.includes("in progress"));
    await page.close();
  },
);

test("the board says that moves stayed here once shadow mode is off, wherever it was switched off", limit, async () => {
  await setShadow(true);
  const page = await openPage("/");
  const left = await stage.server.get<KeptMovesShape>("/api/shadow");
  await keepTwo();
  await untilKept(left.total + 2);
  const problems = page.locator(".bar").getByRole("button", { name: /problem/ });
  assert.equal(await problems.count(), 0);
  await setShadow(null);
  await problems.click();
  const words = new RegExp(`${left.total + 2} moves made while it was on stayed here`);
  await page.getByRole("dialog").getByText(words).waitFor();
  await page.getByRole("dialog").getByRole("link", { name: "Shadow mode is off" }).click();
  await keptIn(page).getByRole("button", { name: "Drop all" }).click();
  await untilKept(0);
  await page.getByRole("navigation").getByRole("link", { name: "Board" }).first().click();
  await page.locator(".card[data-ref]").first().waitFor();
  await problems.waitFor({ state: "detached" });
  await page.close();
});
