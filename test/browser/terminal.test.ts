import assert from "node:assert/strict";
import { test } from "node:test";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { untilScreen, screenText, openAgentsStage, type AgentsStage } from "./agents-stage.ts";

const limit = { timeout: 120_000 };

let stage: AgentsStage;
before(async () => {
  stage = await openAgentsStage();
});
after(() => stage.close());

test("two viewers share a terminal, and a reloaded tab finds it again", limit, async () => {
  const { server, browser, agentOf, freeIssue, start } = stage;
  const { id, ref } = await start(await freeIssue(1), ["say one", "say two", "read", "say heard {answer}", "read"]);
  const [first, second] = [await browser.open(), await browser.open()];
  await second.page.setViewportSize({ width: 390, height: 844 });
  for (const { page } of [first, second]) {
    await goTo(page, server, `/agents/${id}`);
    await untilScreen(page, /two/);
  }
  await first.page.locator(".xterm-screen").click();
  await first.page.keyboard.type("hello\n");
  for (const { page } of [first, second]) await untilScreen(page, /heard hello/);
  // Without a key, as an emoji picker does.
  await first.page.keyboard.insertText("héllo 😀");
  for (const { page } of [first, second]) await untilScreen(page, /héllo 😀/);
  await first.page.reload();
  await untilScreen(first.page, /one[\s\S]*two[\s\S]*heard hello/);
  const wide = await second.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px at 390`);
  assert.equal((await agentOf(ref)).state, "running");
  await first.page.close();
  await second.page.close();
  await server.ask("POST", `/api/agents/${id}/stop`);
});

test("the wheel scrolls back in the terminal, and E opens the workspace in the editor", limit, async () => {
  const { server, browser, freeIssue, issue, start } = stage;
  const ref = await freeIssue(6);
  const lines = Array.from({ length: 120 }, (_, index) => `say line ${index + 1}.`);
  const { id } = await start(ref, [...lines, "read"]);
  const { page } = await browser.open();
  // No editor is started: check the URL that the link opens.
  await page.addInitScript(`{
    globalThis.opened = [];
    addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='vscode:']");
      if (link === null || link === undefined) return;
      event.preventDefault();
      globalThis.opened.push(link.href);
    }, { capture: true });
  }`);
  const pressE = async () => {
    await page.keyboard.press("e");
    await eventually(async () => ((await page.evaluate("opened.length")) === 1 ? true : undefined), "it is opened");
    const { workspace } = await issue(ref);
    assert.deepEqual(await page.evaluate("opened"), [`vscode://file${workspace?.path}`]);
  };
  await goTo(page, server, `/agents/${id}`);
  await untilScreen(page, /line 120\./);
  await page.locator(".xterm-screen").hover();
  await eventually(
    async () => {
      await page.mouse.wheel(0, -10_000);
      return /line 1\.\s/.test(await screenText(page)) ? true : undefined;
    },
    "its beginning is seen",
    { describe: () => screenText(page) },
  );
  await page.getByRole("button", { name: "Jump to end" }).click();
  await untilScreen(page, /line 120\./);
  // Keys no longer go to the terminal.
  await page.locator(".agent-facts").click();
  await pressE();

  await goTo(page, server, `/?tracker=github`);
  const card = page.locator(`.card[data-ref="${ref}"]`);
  await page.locator(".card-box", { has: card }).locator(".card-work").waitFor();
  await card.click();
  await page.locator(".workspace [data-open-editor]").waitFor();
  await pressE();

  // The board navigates to the URL itself. Last, because the browser asks before it opens a program, and takes no keys meanwhile.
  const session = await page.context().newCDPSession(page);
  await session.send("Page.enable");
  const asked = new Promise<string>((resolve) => {
    session.on("Page.frameRequestedNavigation", ({ url }) => resolve(url));
  });
  await page.keyboard.press("Escape");
  await page.locator(`.card[data-ref="${ref}"]:focus`).waitFor();
  await page.keyboard.press("e");
  assert.match(await asked, /^vscode:\/\/file\//);
  await page.close();
  await server.ask("POST", `/api/agents/${id}/stop`);
});
