// Bulk actions on issues of several trackers.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, openChangesStage } from "./changes-stage.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

/** Filters to the backlog and selects an issue of each tracker; returns their addresses. */
async function selectTwo(page: Page): Promise<readonly [string, string]> {
  await page.goto(new URL("/?status=backlog", page.url()).href);
  const issues = [await stage.issueIn("github", "backlog"), await stage.issueIn("linear", "backlog")] as const;
  for (const { ref } of issues) {
    await page.locator(`.card[data-ref="${ref}"]`).focus();
    await page.keyboard.press("x");
  }
  await page.locator(".bulk-count", { hasText: "2 selected" }).waitFor();
  return [issues[0].address, issues[1].address];
}

test(
  "moves each issue to its own source's current cycle, which the palette finds by any tracker's term",
  limit,
  async () => {
    const page = await stage.openBoard();
    const [github, linear] = await selectTwo(page);
    await page.locator(".bulk-bar").getByRole("button", { name: "More" }).click();
    await page.locator(".palette-field input").waitFor();
    const chosen = page.locator('.palette-row[aria-selected="true"]');
    await page.keyboard.type("of");
    await page.locator(".palette-ref").first().waitFor();
    assert.match(await chosen.innerText(), /of 2 issues/, "what is selected comes before what is found");
    await page.locator(".palette-field input").fill("sprint of");
    await chosen.filter({ hasText: "Cycle of 2 issues…" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: "Each issue’s current cycle" }).click();
    await page.locator(".toast", { hasText: "2 issues moved to their current cycle" }).waitFor();
    // The page may be ahead of the server, where the issue may still be in an ended cycle.
    const currentOf = (address: string) =>
      eventually(async () => {
        const { cycle } = await stage.read(address);
        return cycle?.endsAt != null && Date.parse(cycle.endsAt) > Date.now() ? cycle : undefined;
      }, `${address} is in the current cycle`);
    const [milestone, cycle] = [await currentOf(github), await currentOf(linear)];
    assert.notEqual(milestone.name, cycle.name);
    await stage.untilSettled();
    await page.close();
  },
);

test("an issue moved out of view is deselected, so that the next move leaves it alone", limit, async () => {
  const page = await stage.openBoard();
  const [github, linear] = await selectTwo(page);
  await page.keyboard.press("s");
  await page.locator(".move-list").waitFor();
  await page.keyboard.press("2");
  await page.locator(".bulk-bar").waitFor({ state: "detached" });
  await stage.untilTaken(github, "planning");
  await stage.untilTaken(linear, "planning");
  await stage.untilSettled();
  await page.close();
});
