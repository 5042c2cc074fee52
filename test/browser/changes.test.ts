import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { Emulator, WorldIssue } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import { goTo, goToBoard } from "../support/board.ts";
import {
  eventually,
  isSynced,
  makeHome,
  oneProject,
  type PanServer,
  startPan,
  untilTrackers,
} from "../support/stage.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

const limit = { timeout: 120_000 };

let github: Emulator;
let linear: Emulator;
let home: PanHome;
let server: PanServer;
let browser: TestBrowser;

before(async () => {
  github = await startEmulator("github", { issues: 24, seed: 5, sources: 1 });
  linear = await startEmulator("linear", { issues: 24, seed: 5, sources: 1 });
  home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  server = await startPan(home);
  await untilTrackers(server, (shape) => isSynced(shape), "synced");
  browser = await openBrowser({ moving: true });
  browser.context.setDefaultTimeout(45_000);
});

after(async () => {
  await browser.close();
  await server.stop();
  await Promise.all([github.close(), linear.close()]);
});

async function openBoard(): Promise<Page> {
  const { page } = await browser.open();
  await goToBoard(page, server);
  await page.waitForSelector(".card[data-ref]");
  return page;
}

/** The first issue of a tracker in a status. */
async function issueIn(tracker: string, status: string): Promise<IssueDetailShape> {
  const { issues } = await server.get<IssueListShape>(`/api/issues?tracker=${tracker}&status=${status}&limit=1`);
  const [issue] = issues;
  assert.ok(issue, `${tracker} has nothing in ${status}`);
  return read(issue.address);
}

function read(address: string): Promise<IssueDetailShape> {
  return server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(address)}`);
}

/** What is on the screen may not have reached the server yet. */
function untilTaken(address: string, status: string): Promise<true> {
  return eventually(
    async () => ((await read(address)).status === status ? true : undefined),
    `${address} is ${status}`,
  );
}

/** Waits until nothing is on its way, or all that is left needs the user. */
function untilSettled(): Promise<true> {
  return eventually(async () => {
    const { operations } = await server.get<OutboxShape>("/api/outbox");
    return operations.every(({ state }) => state === "refused" || state === "conflict") ? true : undefined;
  }, "the outbox is settled");
}

function inWorld(emulator: Emulator, { nativeId }: IssueDetailShape): WorldIssue {
  const found = emulator.world.issues().find((issue) => issue.nativeId === nativeId);
  assert.ok(found, nativeId);
  return found;
}

const cardIn = (status: string, ref: string) => `.column[data-status=${status}] .card[data-ref="${ref}"]`;

async function countOf(page: Page, status: string): Promise<number> {
  const text = await page.locator(`.column[data-status=${status}] .column-count`).innerText();
  return Number(text.replaceAll(",", ""));
}

test(
  "a card that is dragged by mouse is in its new column before anything is sent, and the tracker has it",
  limit,
  async () => {
    const page = await openBoard();
    const issue = await issueIn("github", "backlog");
    const card = page.locator(cardIn("backlog", issue.ref));
    await card.scrollIntoViewIfNeeded();
    const [from, to] = [await card.boundingBox(), await page.locator(".column[data-status=in_progress]").boundingBox()];
    assert.ok(from && to);
    const before = await countOf(page, "in_progress");
    const painted = page.evaluate(
      (selector) =>
        new Promise<boolean>((resolve) => {
          const send = window.fetch;
          window.fetch = (...request) => {
            if (request[1]?.method === "PATCH") resolve(document.querySelector(selector) !== null);
            return send(...request);
          };
        }),
      cardIn("in_progress", issue.ref),
    );
    await page.mouse.move(from.x + 40, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 40, { steps: 3 });
    await page.mouse.move(to.x + 80, to.y + 160, { steps: 4 });
    await page.locator(".drop-place").waitFor();
    assert.match(await page.locator(".drop-place").innerText(), /^GitHub: /);
    await page.mouse.up();
    await page.waitForSelector(cardIn("in_progress", issue.ref));
    assert.equal(await painted, true);
    assert.equal(await countOf(page, "in_progress"), before + 1);
    await untilTaken(issue.address, "in_progress");
    await untilSettled();
    assert.ok(inWorld(github, issue).labels.some((label) => label.toLowerCase() === "in progress"));
    await page.close();
  },
);

test(
  "in the manual order a card is placed within its column, by mouse and by keys, and stays there",
  limit,
  async () => {
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

    // The third one is let go over the upper half of the first.
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
  },
);

test("a card that a finger rests on is dragged, one that is only wiped over is not", limit, async () => {
  const page = await openBoard();
  const issue = await issueIn("github", "backlog");
  const card = page.locator(cardIn("backlog", issue.ref));
  await card.scrollIntoViewIfNeeded();
  const [from, to] = [await card.boundingBox(), await page.locator(".column[data-status=planning]").boundingBox()];
  assert.ok(from && to);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 1 });
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", x = 0, y = 0) =>
    devtools.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  const wipe = async (fromX: number, fromY: number, toX: number, toY: number) => {
    for (let step = 1; step <= 8; step += 1) {
      await touch("touchMove", fromX + ((toX - fromX) * step) / 8, fromY + ((toY - fromY) * step) / 8);
    }
  };
  const [x, y] = [from.x + 60, from.y + 30];
  await touch("touchStart", x, y);
  await wipe(x, y, x, y - 120);
  await touch("touchEnd");
  assert.equal(await page.locator(".drag-preview").count(), 0);
  assert.equal((await read(issue.address)).status, "backlog");

  await card.scrollIntoViewIfNeeded();
  const now = await card.boundingBox();
  assert.ok(now);
  await touch("touchStart", now.x + 60, now.y + 30);
  await page.locator(".drag-preview").waitFor();
  await wipe(now.x + 60, now.y + 30, to.x + 80, to.y + 160);
  await page.locator(".column[data-status=planning] .drop-place").waitFor();
  await touch("touchEnd");
  await page.waitForSelector(cardIn("planning", issue.ref));
  assert.equal(await page.locator(".issue-panel").count(), 0, "the release is no tap");
  await untilTaken(issue.address, "planning");
  await untilSettled();
  await page.close();
});

test(
  "a card that is dropped on a native state gets exactly that one, though it has the status already",
  limit,
  async () => {
    const { page } = await browser.open();
    const { issues } = await server.get<IssueListShape>("/api/issues?tracker=linear&status=backlog&limit=100");
    const [found] = issues.filter(({ nativeState }) => nativeState.name === "Todo");
    assert.ok(found, "Linear has something in Todo");
    const issue = await read(found.address);
    await goTo(page, server, "/?group=state&tracker=linear");
    const column = (state: string) => page.locator(`.column[data-group="${state}"]`);
    const card = column("Todo").locator(`.card[data-ref="${issue.ref}"]`);
    await card.scrollIntoViewIfNeeded();
    const [from, to] = [await card.boundingBox(), await column("Backlog").boundingBox()];
    assert.ok(from && to);
    await page.mouse.move(from.x + 40, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(to.x + 80, to.y + 160, { steps: 6 });
    await column("Backlog").locator(".drop-place").waitFor();
    await page.mouse.up();
    await column("Backlog").locator(`.card[data-ref="${issue.ref}"]`).waitFor();
    await eventually(() => (inWorld(linear, issue).state === "Backlog" ? true : undefined), "Linear has it in Backlog");
    await page.close();
  },
);

test("Escape leaves a dragged card where it was", limit, async () => {
  const page = await openBoard();
  const issue = await issueIn("github", "backlog");
  const card = page.locator(cardIn("backlog", issue.ref));
  await card.scrollIntoViewIfNeeded();
  const [from, to] = [await card.boundingBox(), await page.locator(".column[data-status=done]").boundingBox()];
  assert.ok(from && to);
  await page.mouse.move(from.x + 40, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(to.x + 80, to.y + 160, { steps: 4 });
  await page.locator(".drag-preview").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".drag-preview").waitFor({ state: "detached" });
  await page.mouse.up();
  assert.equal((await read(issue.address)).status, "backlog");
  assert.equal(await page.locator(".issue-panel").count(), 0);
  await page.close();
});

test("a card is moved by keyboard, keeps the focus, and Z takes it back at the tracker too", limit, async () => {
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

test("what is edited in the panel stands in another tab, and in the tracker", limit, async () => {
  const page = await openBoard();
  const other = await openBoard();
  const issue = await issueIn("linear", "done");
  await page.locator(cardIn("done", issue.ref)).click();
  await page.locator(".title-button").click();
  await page.keyboard.type("A title of my own");
  await page.keyboard.press("Enter");
  await page.locator(".body-edit").click();
  await page.getByLabel("Description", { exact: true }).last().fill("- [ ] first\n- [ ] second");
  await page.keyboard.press("Control+Enter");
  await page.locator(".prose input[type=checkbox]").first().click();
  await other.locator(cardIn("done", issue.ref), { hasText: "A title of my own" }).waitFor();
  await eventually(async () => (/\[x\] first/i.test((await read(issue.address)).body) ? true : undefined), "ticked");
  await untilSettled();
  const world = inWorld(linear, issue);
  assert.equal(world.title, "A title of my own");
  assert.match(world.body, /\[x\] first\s+[-*] \[ \] second/i);
  await page.close();
  await other.close();
});

test("a field that was changed on both sides is shown with both values, and sent as it was chosen", limit, async () => {
  const issue = await issueIn("github", "done");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".title-button").click();
  await page.keyboard.type("Mine");
  github.world.edit(issue.nativeId, { title: "Theirs" });
  await page.keyboard.press("Enter");
  const review = page.locator(".conflict");
  await review.waitFor();
  assert.match(await review.innerText(), /Keep mine\s+Mine\s+Take theirs\s+Theirs/);
  assert.equal(inWorld(github, issue).title, "Theirs");
  await review.getByRole("button", { name: /^Apply/ }).click();
  await review.waitFor({ state: "detached" });
  await untilSettled();
  assert.equal(inWorld(github, issue).title, "Mine");
  await page.close();
});

test("a text that changed while it was written keeps both, and the one that was chosen counts", limit, async () => {
  const issue = await issueIn("github", "done");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".body-edit").click();
  await page.getByLabel("Description", { exact: true }).last().fill("What I wrote");
  await page.locator(".title-button").click();
  await page.locator(".title-field").fill("My title");
  github.world.edit(issue.nativeId, { title: "Their title", body: "What they wrote" });
  assert.equal((await server.ask("POST", "/api/trackers/github/sync", {})).status, 200);
  await page.locator("h2", { hasText: "Their title" }).waitFor({ state: "attached" });
  await page.locator(".title-field").press("Enter");
  await page.locator(".conflict").waitFor();
  await page.getByLabel("Description", { exact: true }).last().press("Control+Enter");
  const review = page.locator(".conflict", { hasText: "What they wrote" });
  await review.waitFor();
  assert.match(await review.innerText(), /Keep mine\s+What I wrote\s+Take theirs\s+What they wrote/);
  assert.deepEqual([inWorld(github, issue).title, inWorld(github, issue).body], ["Their title", "What they wrote"]);
  await review.getByRole("button", { name: /^Apply/ }).click();
  await review.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Discard my edits" }).click();
  await page.locator(".conflict").waitFor({ state: "detached" });
  await untilSettled();
  assert.deepEqual([inWorld(github, issue).title, inWorld(github, issue).body], ["Their title", "What I wrote"]);
  await page.close();
});

test("a refusal says why, and the text that was written is there again", limit, async () => {
  const issue = await issueIn("github", "done");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".title-button").click();
  const long = "x".repeat(300);
  await page.locator(".title-field").fill(long);
  await page.keyboard.press("Enter");
  await page.locator(".toast[role=alert]").waitFor();
  assert.match(await page.locator(".toast[role=alert]").innerText(), /was not changed/);
  assert.equal(await page.locator(".title-field").inputValue(), long);
  assert.equal((await read(issue.address)).title, issue.title);
  await page.locator(".title-field").press("Escape");
  await page.close();
});

test("a new issue is on the board at once, and its tracker names it", limit, async () => {
  const page = await openBoard();
  await page.keyboard.press("c");
  await page.locator(".create-title").waitFor();
  await page.getByRole("radio", { name: /Linear/ }).click();
  await page.locator(".create-title").fill("Made in the dashboard");
  await page.locator(".create [data-field=status]").waitFor();
  await page.keyboard.press("Control+Enter");
  const card = page.locator(".card", { hasText: "Made in the dashboard" });
  await card.waitFor();
  await untilSettled();
  const made = await eventually(
    () => linear.world.issues().find(({ title }) => title === "Made in the dashboard"),
    "made in the tracker",
  );
  await page.locator(`.card[data-ref="${made.key}"]`).waitFor();
  assert.equal(await card.count(), 1);
  await page.close();
});

test("what is changed while the server is silent is sent when it is back", limit, async () => {
  const page = await openBoard();
  const issue = await issueIn("linear", "backlog");
  await page.locator(cardIn("backlog", issue.ref)).focus();
  await browser.context.setOffline(true);
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForSelector(cardIn("planning", issue.ref));
  await page.locator(".toast", { hasText: "sent once the Panopticon server is back" }).waitFor();
  assert.equal((await read(issue.address)).status, "backlog");
  await browser.context.setOffline(false);
  await untilTaken(issue.address, "planning");
  await untilSettled();
  await page.close();
});

test("several issues are selected and moved together", limit, async () => {
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
