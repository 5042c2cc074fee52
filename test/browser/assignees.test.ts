// Choosing assignees where an issue can have only so many.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceForm } from "../../src/store/sources/source-row.ts";
import { after, before } from "../support/hooks.ts";
import { describeInvented, fillStore, inventedIssue, putIssues } from "../support/invented-issues.ts";
import { alpha, beta } from "../support/test-trackers.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";
import { findViolations } from "./find-violations.ts";

let stage: DashboardStage;
before(async () => {
  stage = await openDashboardStage({
    trackers: [{ ...alpha, writing: { ...alpha.writing, mostAssignees: 2 } }, beta],
    prepare: async (store) => {
      const form: SourceForm = {
        types: [{ name: "Task", creatable: true, needsParent: false, fields: [] }],
        writable: { allowed: true, reason: null },
      };
      await fillStore(store, 5, Date.now(), form);
      const rows = await store.sources.list();
      const [row] = rows;
      const other = rows.find(({ config }) => config.tracker === "beta");
      assert.ok(row && other);
      await describeInvented(store, other, Date.now(), form, ["ada", "linus"]);
      await putIssues(store, row, [inventedIssue(row, 3, { assigneeIds: ["p1"] })], Date.now());
    },
  });
});
after(() => stage.close());

test("the chooser says before it that no more can be assigned, and lets one be exchanged for another", async () => {
  const { page } = await stage.open("/issues/app%233");
  const property = page.locator(".properties").getByRole("button", { name: /^Assignee: / });
  await property.filter({ hasText: "Ada Byron" }).waitFor();
  await page.keyboard.press("i");
  const option = (name: string) => page.getByRole("option").filter({ hasText: name });
  const refused = page.locator('[role="option"][aria-disabled="true"]');
  await option("Linus Berg").click();
  await option("Mina Okafor").and(refused).getByText("Alpha allows 2").waitFor();
  assert.equal(await refused.count(), 1, "those who are assigned can be unassigned");
  assert.deepEqual(await findViolations(page), []);
  await option("Mina Okafor").click({ force: true });
  await option("Ada Byron").click();
  await refused.waitFor({ state: "detached" });
  await option("Mina Okafor").click();
  await option("Ada Byron").and(refused).waitFor();
  await page.keyboard.press("Escape");
  await property.filter({ hasText: "Mina Okafor" }).filter({ hasNotText: "Ada Byron" }).waitFor();
  assert.equal(await page.locator(".toast[role=alert], .toast [role=alert]").count(), 0, "nothing was refused later");
  await page.close();
});

test("so does the form for a new issue", async () => {
  const { page } = await stage.openBoard("/?tracker=alpha&project=app");
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New issue" });
  await dialog.getByRole("button", { name: /^Assignee/ }).click();
  const option = (name: string) => page.getByRole("option").filter({ hasText: name });
  await option("Ada Byron").click();
  await option("Linus Berg").click();
  await option("Mina Okafor").getByText("Alpha allows 2").waitFor();
  assert.equal(await option("Mina Okafor").getAttribute("aria-disabled"), "true");
  assert.equal(await option("Ada Byron").getAttribute("aria-disabled"), null);
  await page.close();
});

test("a card dragged to somebody who cannot be assigned in its source is refused before it is dropped", async () => {
  const { page } = await stage.openBoard("/?tracker=beta&group=assignee", { width: 1600, height: 900 });
  const changes: string[] = [];
  page.on("request", (request) => {
    if (["PATCH", "POST"].includes(request.method()) && request.url().includes("/api/issues"))
      changes.push(request.url());
  });
  const column = (name: string) => page.locator(".column").filter({ has: page.getByRole("heading", { name }) });
  const card = column("Ada Byron").locator(".card[data-ref]").first();
  const ref = await card.getAttribute("data-ref");
  const dragOver = async (name: string) => {
    const [from, to] = [await card.boundingBox(), await column(name).boundingBox()];
    assert.ok(from && to);
    await page.mouse.move(from.x + 40, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 40, { steps: 3 });
    await page.mouse.move(to.x + 80, to.y + 160, { steps: 4 });
  };
  await dragOver("Mina Okafor");
  await page.locator('.drop-place[data-possible="false"]', { hasText: /^Mina Okafor can’t be assigned in / }).waitFor();
  await page.mouse.up();
  await page.locator(".toast", { hasText: `${ref} stays. Mina Okafor can’t be assigned in ` }).waitFor();
  await column("Ada Byron").locator(`.card[data-ref="${ref}"]`).waitFor();
  assert.deepEqual(changes, []);
  await dragOver("Linus Berg");
  await page.locator('.drop-place[data-possible="true"]', { hasText: /^Beta: Linus Berg$/ }).waitFor();
  await page.mouse.up();
  await column("Linus Berg").locator(`.card[data-ref="${ref}"]`).waitFor();
  await page.close();
});
