// The main things a user does, in a real Firefox. The other files here use Chromium.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { WorldIssue } from "../../emulators/emulator.ts";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { BoardShape } from "../../src/server/contract/issue.ts";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type AgentsStage, openAgentsStage, untilScreen } from "./agents-stage.ts";
import { firefoxPath } from "./firefox-path.ts";
import { cardIn } from "./live-stage.ts";
import type { OpenTab } from "./open-browser.ts";
import { openFirefox } from "./open-firefox.ts";

const limit = { timeout: 60_000 };

describe("in Firefox", { skip: existsSync(firefoxPath) ? false : `${firefoxPath} is not there` }, () => {
  let stage: AgentsStage;
  let tab: OpenTab;
  before(async () => {
    stage = await openAgentsStage(openFirefox);
    tab = await stage.browser.open();
    await stage.goToGithub(tab.page);
    await tab.page.locator(".card[data-ref]").first().waitFor();
  });
  after(() => stage.close());

  /** An issue as GitHub has it. */
  async function inGithub(ref: string): Promise<WorldIssue> {
    const { nativeId } = await stage.issue(ref);
    const found = stage.github.world.issues().find((issue) => issue.nativeId === nativeId);
    assert.ok(found);
    return found;
  }

  const firstIn = async (page: Page, status: string) =>
    (await page.locator(`.column[data-status=${status}] .card[data-ref]`).first().getAttribute("data-ref")) ?? "";

  test("the board is painted, with true counts and without complaints", limit, async () => {
    const { columns } = await stage.server.get<BoardShape>("/api/board?tracker=github");
    assert.deepEqual(
      await tab.page.locator(".board .column-count").allInnerTexts(),
      columns.map(({ total }) => String(total)),
    );
    assert.deepEqual(tab.complaints, []);
  });

  test("a card dragged by mouse is in its new column, and the tracker follows", limit, async () => {
    const { page } = tab;
    const ref = await firstIn(page, "backlog");
    const from = await centre(page.locator(cardIn("backlog", ref)));
    const to = await centre(page.locator(".column[data-status=in_progress]"));
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(from[0] + 20, from[1] + 10, { steps: 3 });
    await page.mouse.move(...to, { steps: 4 });
    await page.locator(".column[data-status=in_progress] .drop-place").waitFor();
    await page.mouse.up();
    await page.locator(cardIn("in_progress", ref)).waitFor();
    assert.equal(await page.locator(".issue-panel").count(), 0, "the release is no click");
    await eventually(
      async () => ((await inGithub(ref)).labels.some((label) => /^in progress$/i.test(label)) ? true : undefined),
      "GitHub has the label",
    );
  });

  test(
    "a title and a comment reach the tracker and another tab, and what is pressed next gets its click",
    limit,
    async () => {
      const { page } = tab;
      const other = await stage.browser.open();
      await stage.goToGithub(other.page);
      const ref = await firstIn(page, "backlog");
      await page.locator(cardIn("backlog", ref)).click();
      await page.locator(".title-button").click();
      await page.keyboard.type("Named in Firefox");
      await page.keyboard.press("Enter");
      await other.page.locator(cardIn("backlog", ref), { hasText: "Named in Firefox" }).waitFor();
      await eventually(
        async () => ((await inGithub(ref)).title === "Named in Firefox" ? true : undefined),
        "GitHub has the title",
      );
      await other.page.close();

      await page.getByRole("textbox", { name: /^Comment/ }).click();
      await page.keyboard.type("Said in **Firefox**");
      await page.keyboard.press("Control+Enter");
      const comment = page.locator(".comment", { hasText: "Said in Firefox" });
      await comment.waitFor();
      await eventually(async () => {
        const { operations } = await stage.server.get<OutboxShape>("/api/outbox");
        return operations.length === 0 ? true : undefined;
      }, "GitHub has the comment");
      assert.deepEqual((await stage.issue(ref)).comments.map(({ body }) => body).slice(-1), ["Said in **Firefox**"]);
      // The comment field, which has the focus, becomes smaller when it loses it. Where nothing scrolls, that moves what is below.
      await page.setViewportSize({ width: 1440, height: 2000 });
      await page.locator(".composer .editor-tools").waitFor();
      await page.mouse.move(...(await centre(comment.getByRole("button", { name: "Delete comment" }))));
      await page.mouse.down();
      await page.locator(".composer .editor:focus-within").waitFor({ state: "detached" });
      await page.mouse.up();
      await comment.waitFor({ state: "detached" });
      await page.locator(".composer .editor-tools").waitFor({ state: "hidden" });
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.keyboard.press("Escape");
      await page.locator(".issue-panel").waitFor({ state: "detached" });
    },
  );

  test("an agent's terminal shows what it says and takes keys", limit, async () => {
    const { server, freeIssue, start } = stage;
    const { id } = await start(await freeIssue(1), ["say one", "read", "say heard {answer}", "read"]);
    const { page } = await stage.browser.open();
    await goTo(page, server, `/agents/${id}`);
    await untilScreen(page, /one/);
    await page.locator(".xterm-screen").click();
    await page.keyboard.type("hello\n");
    await untilScreen(page, /heard hello/);
    await page.close();
    await server.ask("POST", `/api/agents/${id}/stop`);
  });

  test("a page of another port can neither read nor change anything", limit, async (context) => {
    const { page } = await stage.browser.open();
    const other = createServer((_, response) =>
      response.setHeader("content-type", "text/html").end("<title>Other</title>"),
    );
    await once(other.listen(0, "127.0.0.1"), "listening");
    context.after(() => other.close());
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    const tried = await page.evaluate(async (url) => {
      const outcome = (work: Promise<Response>) =>
        work.then(
          ({ type }) => type,
          () => "refused",
        );
      const opened = new Promise((resolve) => {
        const socket = new WebSocket(`${url.replace("http", "ws")}/api/agents/none/terminal`);
        socket.addEventListener("open", () => resolve("open"));
        socket.addEventListener("error", () => resolve("refused"));
      });
      const read = await outcome(fetch(`${url}/api/board`, { credentials: "include" }));
      const body = '{"name":"planted","query":""}';
      const changed = await outcome(
        fetch(`${url}/api/views`, { method: "POST", mode: "no-cors", credentials: "include", body }),
      );
      return [read, changed, await opened];
    }, stage.server.url);
    assert.deepEqual(tried, ["refused", "refused", "refused"]);
    assert.doesNotMatch(JSON.stringify(await stage.server.get("/api/views")), /planted/);
    await page.close();
  });

  test("a change made while the server is away is shown, and sent once it is back", limit, async () => {
    const { page } = tab;
    const ref = await firstIn(page, "backlog");
    const comeBack = await stage.leave();
    await page.locator(".notice", { hasText: "Offline since" }).waitFor();
    await page.locator(cardIn("backlog", ref)).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.locator(cardIn("planning", ref)).waitFor();
    await comeBack();
    await page.locator(".notice", { hasText: "Offline since" }).waitFor({ state: "detached" });
    await eventually(
      async () => ((await inGithub(ref)).labels.some((label) => /^planning$/i.test(label)) ? true : undefined),
      "GitHub has the label",
    );
  });
});

/** The middle of an element's part that is on the screen. */
async function centre(element: Locator): Promise<[x: number, y: number]> {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  assert.ok(box);
  return [box.x + box.width / 2, box.y + Math.min(box.height, 300) / 2];
}
