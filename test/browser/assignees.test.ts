// Choosing assignees where an issue can have only so many.
import assert from "node:assert/strict";
import { test } from "node:test";
import { after, before } from "../support/hooks.ts";
import { fillStore, inventedIssue, putIssues } from "../support/invented-issues.ts";
import { alpha, beta } from "../support/test-trackers.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";
import { findViolations } from "./find-violations.ts";

let stage: DashboardStage;
before(async () => {
  stage = await openDashboardStage({
    trackers: [{ ...alpha, writing: { ...alpha.writing, mostAssignees: 2 } }, beta],
    prepare: async (store) => {
      await fillStore(store, 5, Date.now(), {
        types: [{ name: "Task", creatable: true, needsParent: false, fields: [] }],
        writable: { allowed: true, reason: null },
      });
      const [row] = await store.sources.list();
      assert.ok(row);
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
