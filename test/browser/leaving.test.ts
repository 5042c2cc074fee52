// What becomes of changes when the page is left, or the server away.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Page, Request } from "playwright-core";
import type { RelationInput } from "../../src/server/contract/change.ts";
import type { IssueDetailShape } from "../../src/server/contract/issue.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";
import { openRelayed } from "./open-relayed.ts";

const limit = { timeout: 120_000 };

let stage: DashboardStage;
before(async () => {
  stage = await openDashboardStage();
});
after(() => stage.close());

/** Opens an issue, the `nth` of the board, through a relay, with a comment field in it. */
async function openIssue(context: TestContext, nth: number) {
  const { relay, page, address: board } = await openRelayed(context, stage.harness);
  const listening = relay.passed("event: change");
  await page.goto(board);
  await page.locator(".card[data-ref]").nth(nth).click();
  await page.getByRole("textbox", { name: /^Comment/ }).waitFor();
  await listening;
  const [, address = ""] = /^\/issues\/(.*)$/.exec(new URL(page.url()).pathname) ?? [];
  const read = async () => (await stage.harness.ask(`/api/issues/${address}`)).json() as IssueDetailShape;
  const bodies = async () => (await read()).comments.map(({ body }) => body);
  const relations = async () => (await read()).relations.map(({ type, address: other }) => ({ type, ref: other }));
  return { relay, page, read, bodies, relations };
}

/** Writes a comment, without waiting for the server. */
async function comment(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: /^Comment/ });
  await field.fill(text);
  await field.press("Control+Enter");
  await page.locator(".comment", { hasText: text.slice(0, 40) }).waitFor();
}

/** Closes the page; a read of another one shows that the browser is done with it. */
async function leave(page: Page): Promise<void> {
  const next = await page.context().newPage();
  await page.close();
  await next.goto(page.url());
}

/** Whether the page would ask before it is left. */
function asksBeforeLeaving(page: Page): Promise<boolean> {
  return page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
}

test(
  "comments written while the server is away keep their order, and one that is undone returns to its field",
  limit,
  async (context) => {
    const { relay, page, bodies } = await openIssue(context, 0);
    const underWay = new Set<Request>();
    let most = 0;
    page.on("request", (request) => {
      if (request.method() !== "POST" || !request.url().endsWith("/comments")) return;
      underWay.add(request);
      most = Math.max(most, underWay.size);
    });
    page.on("requestfinished", (request) => underWay.delete(request));
    page.on("requestfailed", (request) => underWay.delete(request));
    relay.leave();
    const texts = ["First", "Second", "Third"];
    for (const text of texts) await comment(page, `${text} of three`);
    await page.locator(".toast", { hasText: "queued until the Panopticon server is back" }).waitFor();
    await comment(page, "Withdrawn");
    await page.getByRole("button", { name: /^Undo/ }).click();
    await page.locator(".comment", { hasText: "Withdrawn" }).waitFor({ state: "detached" });
    assert.equal(await page.getByRole("textbox", { name: /^Comment/ }).inputValue(), "Withdrawn");
    relay.comeBack();
    const taken = await eventually(async () => {
      const all = (await bodies()).filter((body) => body.endsWith("of three"));
      return all.length === texts.length ? all : undefined;
    }, "the server has all comments");
    assert.deepEqual(
      taken,
      texts.map((text) => `${text} of three`),
    );
    assert.equal(most, 1);
    assert.ok(!(await bodies()).includes("Withdrawn"));
  },
);

test("relations made while the server is away are sent in their order, each once", limit, async (context) => {
  const { relay, page, relations } = await openIssue(context, 4);
  const made: string[] = [];
  const isRelation = (request: Request) => request.method() === "POST" && request.url().endsWith("/relations");
  let underWay = 0;
  let most = 0;
  page.on("request", (request) => {
    if (isRelation(request)) most = Math.max(most, (underWay += 1));
  });
  page.on("requestfailed", (request) => {
    if (isRelation(request)) underWay -= 1;
  });
  page.on("requestfinished", (request) => {
    if (!isRelation(request)) return;
    underWay -= 1;
    made.push((request.postDataJSON() as RelationInput).ref);
  });
  const others = page.getByRole("option");
  const find = async (type: string) => {
    await page.getByRole("button", { name: "Add relation" }).click();
    await page.getByRole("option", { name: type, exact: true }).click();
    await others.nth(5).waitFor();
  };
  // What was found before is still offered.
  await find("Relates");
  await page.keyboard.press("Escape");
  await others.first().waitFor({ state: "detached" });
  relay.leave();
  for (const [at, type] of ["Blocks", "Relates", "Duplicates"].entries()) {
    await find(type);
    await others.nth(at + 1).click();
    await page.locator(".relation").nth(at).waitFor();
  }
  relay.comeBack();
  const taken = await eventually(async () => {
    const all = await relations();
    return all.length === 3 && made.length === 3 ? all : undefined;
  }, "the server has all relations");
  assert.deepEqual(
    taken.map(({ type }) => type),
    ["blocks", "relates", "duplicates"],
  );
  assert.deepEqual(
    made,
    taken.map(({ ref }) => ref),
  );
  assert.equal(most, 1);
});

test("what is sent when the page is left arrives, also a long text", limit, async (context) => {
  const { relay, page, bodies } = await openIssue(context, 1);
  const text = `A long text ${"weitläufig ".repeat(3000)}`.trim();
  const asked = relay.holdAt("/comments");
  await comment(page, text);
  await asked;
  await leave(page);
  relay.letGo();
  await eventually(async () => ((await bodies()).includes(text) ? true : undefined), "the server has the comment");
});

test("a view that is deleted when the page is left is deleted", limit, async (context) => {
  const { views } = stage.harness.store;
  await views.create({ name: "Leaving", query: "priority=urgent" });
  const { relay, page, address } = await openRelayed(context, stage.harness);
  await page.goto(address);
  await page.getByRole("link", { name: "Leaving" }).hover();
  await page.getByRole("button", { name: "Menu of view Leaving" }).click();
  const asked = relay.holdAt("DELETE /api/views/");
  await page.getByRole("menuitem", { name: "Delete view" }).click();
  await asked;
  await leave(page);
  relay.letGo();
  await eventually(async () => ((await views.list()).length === 0 ? true : undefined), "the view is gone");
});

test(
  "a text too long to outlive the page is asked about until it is answered, and so is what takes longer than a moment",
  limit,
  async (context) => {
    const { relay, page, bodies } = await openIssue(context, 2);
    const long = `An endless text ${"und so weiter ".repeat(4600)}`.trim();
    for (const text of ["A short text", long]) {
      assert.equal(await asksBeforeLeaving(page), false);
      const asked = relay.holdAt("/comments");
      await comment(page, text);
      await asked;
      if (text === long) assert.equal(await asksBeforeLeaving(page), true);
      else await eventually(async () => ((await asksBeforeLeaving(page)) ? true : undefined), "it asks");
      relay.letGo();
      await eventually(async () => ((await asksBeforeLeaving(page)) ? undefined : true), "it asks no more");
      assert.ok((await bodies()).includes(text));
    }
  },
);

test("a page that is left sends once more what the server did not take", limit, async (context) => {
  const { relay, page, bodies } = await openIssue(context, 3);
  page.on("dialog", (dialog) => void dialog.accept());
  const left = relay.leaveAt("/comments");
  await comment(page, "Not taken at first");
  await left;
  await page.locator(".toast", { hasText: "queued until the Panopticon server is back" }).waitFor();
  relay.comeBack();
  const { pathname, origin } = new URL(page.url());
  await page.goto("about:blank");
  await eventually(
    async () => ((await bodies()).includes("Not taken at first") ? true : undefined),
    "the server has the comment",
  );
  // The page that was left could not learn that it has arrived.
  await page.goto(origin + pathname);
  await untilNothingUnsent(page);
  assert.equal((await bodies()).filter((body) => body === "Not taken at first").length, 1);
});

/** What this browser keeps for a server that is away. */
function readUnsent(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("panopticon.unsent.")));
}

function untilNothingUnsent(page: Page): Promise<true> {
  return eventually(async () => ((await readUnsent(page)).length === 0 ? true : undefined), "nothing is unsent");
}

/** Ends the tab's process. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => undefined);
  await crashed;
}

test(
  "what waits for the server when its tab is closed is sent once by another one, in order",
  limit,
  async (context) => {
    const { relay, page, bodies, read } = await openIssue(context, 5);
    const other = await page.context().newPage();
    await other.goto(new URL("/", page.url()).href);
    await other.locator(".card[data-ref]").first().waitFor();
    const { priority } = await read();
    relay.leave();
    for (const text of ["One left behind", "Two left behind", "Taken back"]) await comment(page, text);
    await page.getByRole("button", { name: /^Undo/ }).click();
    await page.locator(".comment", { hasText: "Taken back" }).waitFor({ state: "detached" });
    await page.locator('.properties [data-field="priority"]').click();
    await page.getByRole("option", { name: priority === 1 ? "High" : "Urgent" }).click();
    await eventually(async () => ((await readUnsent(other)).length === 3 ? true : undefined), "all of it is kept");
    await page.close();
    relay.comeBack();
    await other.locator(".toast", { hasText: /^Sent now, after their page was closed: 3 changes/ }).waitFor();
    await untilNothingUnsent(other);
    assert.deepEqual(
      (await bodies()).filter((body) => /left behind|Taken back/.test(body)),
      ["One left behind", "Two left behind"],
    );
    assert.equal((await read()).priority, priority === 1 ? 2 : 1);
  },
);

test(
  "what a crashed tab has left is not sent over a later change, nor after a day; texts return to their fields",
  limit,
  async (context) => {
    const { relay, page, bodies, read } = await openIssue(context, 6);
    const { address, ref } = await read();
    relay.leave();
    await comment(page, "Of yesterday");
    await page.locator('.properties [data-field="priority"]').click();
    await page.getByRole("option", { name: "Urgent" }).click();
    await eventually(async () => ((await readUnsent(page)).length === 2 ? true : undefined), "both are kept");
    await page.evaluate(() => {
      for (const [name, text] of Object.entries(localStorage)) {
        if (name.startsWith("panopticon.unsent.") && text.includes("Of yesterday"))
          localStorage.setItem(name, JSON.stringify({ ...JSON.parse(text), at: Date.now() - 24 * 3_600_000 }));
      }
    });
    await crash(page);
    await stage.harness.ask(`/api/issues/${encodeURIComponent(address)}`, { method: "PATCH", body: { priority: 4 } });
    relay.comeBack();
    const next = await page.context().newPage();
    await next.goto(page.url());
    await next.locator(".toast", { hasText: `Not sent: ${ref} set to urgent priority` }).waitFor();
    await next.locator(".toast", { hasText: `Not sent: ${ref}: comment added` }).waitFor();
    await untilNothingUnsent(next);
    await eventually(async () => {
      const typed = await next.getByRole("textbox", { name: /^Comment/ }).inputValue();
      return typed === "Of yesterday" ? true : undefined;
    }, "the text is in its field");
    assert.equal((await read()).priority, 4);
    assert.ok(!(await bodies()).includes("Of yesterday"));
  },
);
