// Days are days: a due date and the end of a cycle are the same calendar day for users everywhere, and “today” is the user's.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { IssuePatch } from "../../src/server/contract/change.ts";
import { after, before } from "../support/hooks.ts";
import { alpha, beta } from "../support/test-trackers.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

/** The first and the last places where a day begins. */
const zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago"];

let stage: DashboardStage;
before(async () => {
  stage = await openDashboardStage({
    issues: 24,
    trackers: [{ ...alpha, capabilities: { ...alpha.capabilities, dueDate: true } }, beta],
  });
});
after(() => stage.close());

/** Tabs share a process, and with it the time zone: one at a time. */
async function openIn(zone: string, path: string): Promise<Page & AsyncDisposable> {
  const { page } = await stage.newTab();
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setTimezoneOverride", { timezoneId: zone });
  await page.goto(new URL(path, stage.harness.url).href);
  const close = async () => {
    await session.send("Emulation.setTimezoneOverride", { timezoneId: "" });
    await page.close();
  };
  return Object.assign(page, { [Symbol.asyncDispose]: close });
}

for (const [index, zone] of zones.entries()) {
  test(`in ${zone}`, async () => {
    const sort = { key: "created", reverse: false } as const;
    const { issues } = await stage.harness.store.board.issues({ filter: {}, sort, limit: 100, cursor: null, me: {} });
    // A cycle that ends with 29 November and a due date; each zone changes one of its own.
    const issue = issues.filter(
      ({ tracker, cycle, dueDate }) => tracker === "alpha" && cycle !== null && dueDate !== null,
    )[index];
    assert.ok(issue);
    await using page = await openIn(zone, `/issues/${encodeURIComponent(issue.address)}`);
    const properties = page.locator(".properties");
    await properties.getByText(/^ends 29 Nov/).waitFor();
    const due = properties.locator(".property").filter({ has: page.getByText("Due", { exact: true }) });
    assert.match(await due.innerText(), /\b1 Dec\b/);

    await due.getByRole("button").click();
    const [request] = await Promise.all([
      page.waitForRequest((one) => one.method() === "PATCH"),
      page.getByRole("button", { name: /^Today/ }).click(),
    ]);
    const today = await page.evaluate(() => {
      const [day = "", month = "", year = ""] = new Date().toLocaleDateString("en-GB").split("/");
      return { day: String(Number(day)), iso: `${year}-${month}-${day}` };
    });
    assert.equal((request.postDataJSON() as IssuePatch).dueDate, today.iso);
    await due.filter({ hasText: new RegExp(`\\D${today.day} `) }).waitFor();
  });
}
