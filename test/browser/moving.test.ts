import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, inWorld, openChangesStage } from "./changes-stage.ts";
import { cardIn } from "./live-stage.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

test("in manual order, a card is moved within its column by mouse and keys, and stays there", limit, async () => {
  const { server, openBoard } = stage;
  const page = await openBoard();
  await page.getByRole("button", { name: /^Sort:/ }).click();
  await page.getByRole("menuitemcheckbox", { name: "Manual" }).click();
  await page.waitForURL(/sort=manual/);
  let places = ".column[data-status=backlog] .card[data-ref]";
  const shown = () =>
    page.$$eval(places, (cards) => cards.slice(0, 4).map((card) => card.getAttribute("data-ref") ?? ""));
  const untilShown = (expected: readonly string[]) =>
    eventually(
      async () => (String(await shown()) === String(expected) ? true : undefined),
      `${expected.join(" ")} is shown`,
    );
  const untilKept = (expected: readonly string[]) =>
    eventually(
      async () => {
        const { issues } = await server.get<IssueListShape>("/api/issues?status=backlog&sort=manual&limit=4");
        return String(issues.map(({ ref }) => ref)) === String(expected) ? true : undefined;
      },
      `${expected.join(" ")} is kept`,
    );
  await eventually(async () => {
    const { issues } = await server.get<IssueListShape>("/api/issues?status=backlog&sort=manual&limit=4");
    return String(issues.map(({ ref }) => ref)) === String(await shown()) ? true : undefined;
  }, "the board is in the manual order");
  const [a = "", b = "", c = "", d = ""] = await shown();

  // Drop the third card on the upper half of the first.
  const [from, to] = [
    await page.locator(cardIn("backlog", c)).boundingBox(),
    await page.locator(cardIn("backlog", a)).boundingBox(),
  ];
  assert.ok(from && to);
  await page.mouse.move(from.x + 40, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 44, from.y, { steps: 3 });
  await page.mouse.move(to.x + 40, to.y + 6, { steps: 4 });
  await page.getByText("Place here").waitFor();
  await page.mouse.up();
  await untilShown([c, a, b, d]);
  await untilKept([c, a, b, d]);
  const { operations } = await server.get<OutboxShape>("/api/outbox");
  assert.deepEqual(operations, []);

  await page.locator(cardIn("backlog", c)).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await untilShown([a, c, b, d]);
  await page.keyboard.press("Space");
  for (const key of ["ArrowDown", "ArrowDown", "Space"]) await page.keyboard.press(key);
  await untilShown([a, b, d, c]);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-ref")), c);
  await untilKept([a, b, d, c]);
  await page.keyboard.press("z");
  await untilShown([a, c, b, d]);
  await untilKept([a, c, b, d]);
  await page.reload();
  await untilShown([a, c, b, d]);

  places = ".row-link[data-ref]";
  await page.getByRole("link", { name: "List", exact: true }).click();
  await untilShown([a, c, b, d]);
  await page.locator(`.row-link[data-ref="${a}"]`).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await untilShown([c, a, b, d]);
  await page.getByText(`${a} placed before ${b}`).waitFor({ state: "attached" });
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-ref")), a);
  await untilKept([c, a, b, d]);
  await page.keyboard.press("z");
  await untilShown([a, c, b, d]);
  await untilKept([a, c, b, d]);
  await page.close();
});

test("a card dropped among equals stays there when its tracker confirms", limit, async () => {
  const { server, openBoard, untilSettled } = stage;
  const columnOf = async (status: string) =>
    (await server.get<IssueListShape>(`/api/issues?status=${status}&sort=priority&limit=100`)).issues;
  // A card updated before its equals in the target column.
  const there = await columnOf("in_progress");
  const moved = (await columnOf("backlog")).find(({ priority, updatedAt, tracker }) =>
    there.some((other) => tracker === "linear" && other.priority === priority && other.updatedAt > updatedAt),
  );
  assert.ok(moved);
  const page = await openBoard();
  const shown = () =>
    page.$$eval(".column[data-status=in_progress] .card[data-ref]", (cards) =>
      cards.map((card) => card.getAttribute("data-ref") ?? ""),
    );
  const kept = async () => (await columnOf("in_progress")).map(({ ref }) => ref);

  const from = await page.locator(cardIn("backlog", moved.ref)).boundingBox();
  const head = await page.locator(".column[data-status=in_progress] .column-head").boundingBox();
  assert.ok(from && head);
  await page.mouse.move(from.x + 40, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 44, from.y + 30, { steps: 3 });
  await page.mouse.move(head.x + 60, head.y + 10, { steps: 4 });
  const place = page.locator(".column[data-status=in_progress] .drop-place");
  await place.waitFor();
  const marked = await place.evaluate((one) =>
    [...(one.closest("ul")?.children ?? [])].indexOf(one.closest("li") ?? one),
  );
  await page.mouse.up();
  await page.waitForSelector(cardIn("in_progress", moved.ref));
  const atOnce = await shown();
  assert.equal(atOnce.indexOf(moved.ref), marked, "where its place was marked");
  const first = there.findIndex(({ priority }) => priority === moved.priority);
  assert.equal(atOnce.indexOf(moved.ref), first, "before its equals");

  await eventually(async () => ((await kept()).includes(moved.ref) ? true : undefined), "the move is taken");
  assert.deepEqual(await kept(), atOnce);
  await untilSettled();
  await page.locator(cardIn("in_progress", moved.ref)).locator(".sync-mark").waitFor({ state: "detached" });
  assert.deepEqual(await kept(), atOnce);
  assert.deepEqual(await shown(), atOnce);
  await page.close();
});

test("a card moved by keyboard keeps the focus, and Z undoes the move, in the tracker too", limit, async () => {
  const { linear, openBoard, issueIn, untilTaken, untilSettled } = stage;
  const page = await openBoard();
  const issue = await issueIn("linear", "backlog");
  await page.locator(cardIn("backlog", issue.ref)).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForSelector(`${cardIn("planning", issue.ref)}:focus`);
  await untilTaken(issue.address, "planning");
  await untilSettled();
  await page.keyboard.press("z");
  await page.waitForSelector(cardIn("backlog", issue.ref));
  await untilTaken(issue.address, "backlog");
  await untilSettled();
  assert.equal(inWorld(linear, issue).state, issue.nativeState.name);

  await page.locator(cardIn("backlog", issue.ref)).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.locator(".column[data-status=in_progress] .drop-place").waitFor();
  await page.keyboard.press("Space");
  await page.waitForSelector(`${cardIn("in_progress", issue.ref)}:focus`);
  assert.match(await page.locator("main output:not([aria-live])").first().innerText(), /moved to In Progress/);
  await untilTaken(issue.address, "in_progress");
  await untilSettled();
  await page.close();
});

test("several selected issues move together", limit, async () => {
  const { server, openBoard, untilTaken, untilSettled } = stage;
  const page = await openBoard();
  const { issues } = await server.get<IssueListShape>("/api/issues?status=backlog&limit=2&sort=priority");
  const [first, second] = issues;
  assert.ok(first && second);
  await page.locator(cardIn("backlog", first.ref)).focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.locator(".bulk-count", { hasText: "2 selected" }).waitFor();
  await page.keyboard.press("s");
  await page.locator(".field-dialog").waitFor();
  await page.keyboard.press("4");
  for (const { ref } of [first, second]) await page.waitForSelector(cardIn("in_review", ref));
  for (const { address } of [first, second]) await untilTaken(address, "in_review");
  await untilSettled();
  await page.close();
});

test("changes made while the server is unreachable are sent once it is back", limit, async () => {
  const { browser, openBoard, issueIn, read, untilTaken, untilSettled } = stage;
  const page = await openBoard();
  const issue = await issueIn("linear", "backlog");
  await page.locator(cardIn("backlog", issue.ref)).focus();
  await browser.context.setOffline(true);
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForSelector(cardIn("planning", issue.ref));
  await page.locator(".toast", { hasText: "queued until the Panopticon server is back" }).waitFor();
  assert.equal((await read(issue.address)).status, "backlog");
  await browser.context.setOffline(false);
  await untilTaken(issue.address, "planning");
  await untilSettled();
  await page.close();
});

test("a button disabled while it works gets the focus back afterwards", limit, async () => {
  const page = await stage.openBoard();
  const release = Promise.withResolvers<void>();
  await page.route(/\/sync$/, async (route) => {
    await release.promise;
    await route.continue();
  });
  const button = page.getByRole("button", { name: "Sync all now" });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") !== "Sync all now");
  release.resolve();
  await page.locator("button[aria-label='Sync all now']:focus").waitFor();
  await page.close();
});

test("an undone change does not stay pending, however late its response", limit, async () => {
  const { linear, issueIn, server } = stage;
  const issue = await issueIn("linear", "backlog");
  const page = await stage.openBoard();
  // Meanwhile the change waits, so undoing it is all that happens.
  linear.faults.add({ kind: "rate-limit", value: 60, times: Infinity, method: "POST", body: "mutation" });
  try {
    await page.locator(cardIn("backlog", issue.ref)).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.locator(cardIn("planning", issue.ref)).waitFor();
    await eventually(async () => {
      const { operations } = await server.get<OutboxShape>("/api/outbox");
      return operations.some(({ state }) => state === "waiting") ? true : undefined;
    }, "the change waits");
    const answered = Promise.withResolvers<void>();
    await page.route(/\/api\/undo$/, async (route) => {
      const read = page.waitForResponse(/\/api\/board\?/);
      const response = await route.fetch();
      await read;
      await route.fulfill({ response });
      answered.resolve();
    });
    await page.keyboard.press("z");
    await answered.promise;
    await page
      .locator(".card-box[data-sync=synced]", { has: page.locator(`.card[data-ref="${issue.ref}"]`) })
      .waitFor();
  } finally {
    linear.faults.clear();
  }
  await page.close();
});
