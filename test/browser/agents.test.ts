import assert from "node:assert/strict";
import { test } from "node:test";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { untilScreen, openAgentsStage, type AgentsStage } from "./agents-stage.ts";
import { findViolations } from "./find-violations.ts";
import { openBrowser } from "./open-browser.ts";

const limit = { timeout: 120_000 };

let stage: AgentsStage;
before(async () => {
  stage = await openAgentsStage();
});
after(() => stage.close());

test(
  "from the board to finished work: start by key, terminal, waiting, reply, changes, stop, resume",
  limit,
  async () => {
    const { server, browser, agentOf, freeIssue, goToGithub } = stage;
    const { page, complaints } = await browser.open();
    await goToGithub(page);
    const ref = await freeIssue(0);
    await page.locator(`.card[data-ref="${ref}"]`).focus();
    await page.keyboard.press("a");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "scripted" }).waitFor();
    assert.ok(await dialog.getByRole("radio", { name: "scripted" }).isChecked(), "the project's agent is chosen");
    const script = [
      "say begun",
      "ask Shall I? [y/n]",
      "write note.txt {answer}",
      "commit Note it",
      "write draft.txt later",
      "read",
    ];
    await dialog.getByRole("textbox").fill(`script:\n${script.join("\n")}`);
    await page.keyboard.press("Control+Enter");

    await page.waitForURL(/\/agents\/\d+/);
    const reply = await page.locator(".agent-send").boundingBox();
    const starts = await page.locator(".toast", { hasText: ` on ${ref}` }).boundingBox();
    assert.ok(
      starts && reply && starts.y + starts.height <= reply.y,
      `what is said, ${JSON.stringify(starts)}, does not lie over the reply, ${JSON.stringify(reply)}`,
    );
    const said = page.getByText(`scripted is waiting for input on ${ref}: Shall I? [y/n]`).first();
    await said.waitFor({ state: "attached" });
    const notice = page.locator(".toast", { hasText: "waiting for input" });
    assert.equal(await notice.count(), 0, "who looks at it has no notice over the reply");
    await page.locator(".side-count[data-hot]").getByText("1 waiting").waitFor();
    await untilScreen(page, /Shall I\?/);
    await page.getByRole("button", { name: "Answer y" }).click();
    await untilScreen(page, /Committed: Note it/);

    await page.getByRole("tab", { name: /Changes/ }).click();
    await page.locator(".change-file", { hasText: "note.txt" }).locator(".patch-text", { hasText: /^y$/ }).waitFor();
    await page.locator(".change-file", { hasText: "draft.txt" }).getByText("uncommitted").waitFor();
    await page.getByRole("tab", { name: "STATE.md" }).click();
    await page.locator(".state-view").getByRole("heading", { name: "Plan" }).waitFor();

    await page.getByRole("tab", { name: "Terminal" }).click();
    await page.locator(".xterm-screen").click();
    await page.keyboard.type("typed by hand");
    await untilScreen(page, /typed by hand/);
    await page.keyboard.press("F6");
    assert.equal(await page.evaluate(() => document.activeElement?.closest(".agent-send") !== null), true);

    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator('.agent-state[data-state="stopped"]').waitFor();
    await page.locator('.agent-live[data-state="ended"]').waitFor();
    await untilScreen(page, /Committed: Note it/);
    await page.getByRole("button", { name: "Resume", exact: true }).first().click();
    await page.locator('.agent-state[data-state="waiting"], .agent-state[data-state="running"]').waitFor();
    await untilScreen(page, /The scripted agent begins/);

    await goToGithub(page);
    const foot = page.locator(".card-box", { has: page.locator(`.card[data-ref="${ref}"]`) }).locator(".card-work");
    await foot.click();
    await page.waitForURL(/\/agents\/\d+/);
    await server.ask("POST", `/api/agents/${(await agentOf(ref)).id}/stop`);
    assert.deepEqual(complaints, []);
    await page.close();
  },
);

test("on a phone, an agent fills the screen, answers are one tap, and the list is one step back", limit, async () => {
  const { server, browser, freeIssue, start } = stage;
  const { id } = await start(await freeIssue(1), ["ask Shall I? [y/n]", "say heard {answer}", "read"]);
  const { page } = await browser.open();
  await page.setViewportSize({ width: 390, height: 844 });
  await goTo(page, server, "/agents");
  const list = page.getByRole("navigation", { name: "Agents" });
  await list.locator(`a[href="/agents/${id}"]`).click();
  await page.waitForURL(`${server.url}/agents/${id}`);
  await list.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Answer y" }).click();
  await untilScreen(page, /heard y/);
  await page.getByRole("link", { name: "All agents" }).click();
  await list.waitFor();
  assert.equal(await page.locator(".agent-pane").count(), 0);
  await page.close();
  await server.ask("POST", `/api/agents/${id}/stop`);
});

test(
  "a question that only rings the bell is answered in one tap, and counted in the window's title",
  limit,
  async () => {
    const { server, browser, freeIssue, start } = stage;
    const { id } = await start(await freeIssue(9), ["bell Shall I? [y/n]", "say heard {answer}", "read"]);
    const { page } = await browser.open();
    await goTo(page, server, "/agents");
    await page.waitForFunction(() => document.title === "(1) Agents · Panopticon");
    await page.getByRole("button", { name: "Answer y" }).click();
    await untilScreen(page, /heard y/);
    await page.waitForFunction(() => document.title === "Agents · Panopticon");
    await page.locator(".agent-facts").click();
    await page.keyboard.press("a");
    await page.getByRole("dialog", { name: "Start agent" }).waitFor();
    await page.close();
    await server.ask("POST", `/api/agents/${id}/stop`);
  },
);

test("an agent that asks to choose is answered by a button; a text for it comes back", limit, async () => {
  const { server, browser, start, freeIssue } = stage;
  // It shows what Claude Code shows; the rest of it is tested with a program that takes single keys.
  const long = "No, and tell it what to do differently from what it has just proposed, in words of your own";
  const options = ["say ❯ 1. Yes", "say   2. No", `say   3. ${long}`];
  const asks = ["say Do you want to proceed?", ...options, "bell Esc to cancel", "read"];
  const { id } = await start(await freeIssue(11), asks);
  const { page } = await browser.open();
  await goTo(page, server, `/agents/${id}`);
  const answers = page.getByRole("group", { name: "Answers to scripted" });
  await answers.getByRole("button", { name: "2 No" }).waitFor();
  assert.deepEqual(await answers.getByRole("button").allInnerTexts(), ["1\nYes", "2\nNo", `3\n${long}`]);
  await page.setViewportSize({ width: 390, height: 844 });
  const isWhole = ({ scrollWidth, clientWidth }: Element) => scrollWidth <= clientWidth;
  assert.ok(await answers.getByText(long).evaluate(isWhole), "a long option is not cut off on a phone");
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.deepEqual(await findViolations(page), []);

  const field = page.getByRole("textbox", { name: "Reply to scripted" });
  await field.fill("No, do not do that");
  await field.press("Enter");
  await page.getByText(/asks to choose, and cannot take a text now/).waitFor();
  assert.equal(await field.inputValue(), "No, do not do that");

  await answers.getByRole("button", { name: "2 No" }).click();
  await untilScreen(page, /^2 ?$/m);
  await page.close();
  await server.ask("POST", `/api/agents/${id}/stop`);
});

test("an agent's page says why it failed, and its terminal that it ended", limit, async () => {
  const { server, browser, freeIssue, start } = stage;
  const { id } = await start(await freeIssue(10), ["say The key has expired.", "exit 3"]);
  const { page } = await browser.open();
  await page.setViewportSize({ width: 390, height: 844 });
  await goTo(page, server, `/agents/${id}`);
  await page.locator(".agent-asks", { hasText: "exit 3: The key has expired." }).waitFor();
  await page.locator('.agent-live[data-state="ended"]').waitFor({ state: "attached" });
  await page.close();
});

test("text typed while a message is in flight becomes the next message", limit, async () => {
  const { server, browser, freeIssue, start } = stage;
  const { id } = await start(await freeIssue(7), ["read", "read", "read"]);
  const { page } = await browser.open();
  await goTo(page, server, `/agents/${id}`);
  const sent: string[] = [];
  const answer = Promise.withResolvers<void>();
  await page.route(/\/message$/, async (route) => {
    sent.push((route.request().postDataJSON() as { text: string }).text);
    if (sent.length === 1) await answer.promise;
    await route.continue();
  });
  const field = page.locator(".agent-send input");
  await field.fill("one");
  await field.press("Enter");
  await field.fill("two");
  await field.press("Enter");
  await field.fill("half of a third");
  assert.deepEqual(sent, ["one"], "they go one after the other");
  answer.resolve();
  await eventually(() => (sent.length === 2 ? true : undefined), "the second is sent");
  await page.locator(".agent-send .spinning").waitFor({ state: "detached" });
  assert.deepEqual(sent, ["one", "two"]);
  assert.equal(await field.inputValue(), "half of a third");

  await page.unroute(/\/message$/);
  await page.route(/\/message$/, (route) => route.abort("connectionrefused"));
  await field.fill("not heard");
  await field.press("Enter");
  await page.locator(".toast", { hasText: "Couldn’t send the message" }).waitFor();
  await eventually(
    async () => ((await field.inputValue()) === "not heard" ? true : undefined),
    "what was not taken is given back",
  );
  await server.ask("POST", `/api/agents/${id}/stop`);
  await page.close();
});

test("Plan starts a planning agent, and the issue moves to planning", limit, async () => {
  const { server, browser, agentOf, freeIssue, issue, goToGithub } = stage;
  const { page } = await browser.open();
  await goToGithub(page);
  const ref = await freeIssue(4);
  await page.locator(`.card[data-ref="${ref}"]`).click();
  await page.getByRole("button", { name: "Plan", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: /^Start agent/ });
  assert.ok(await dialog.getByRole("radio", { name: /^Plan/ }).isChecked());
  await dialog.getByRole("textbox").fill("script:\nplan First this.\nread");
  await dialog.getByRole("button", { name: /^Plan/ }).click();
  await page.waitForURL(/\/agents\/\d+/);
  await page.locator(".agent-facts").getByText("scripted, plan").waitFor();
  await page.getByRole("tab", { name: "STATE.md" }).click();
  await page.locator(".state-view").getByText("First this.").waitFor();
  const found = await eventually(
    async () => ((await issue(ref)).status === "planning" ? issue(ref) : undefined),
    `${ref} is in planning`,
  );
  assert.ok(
    found.history.some(({ actor, field, to }) => actor === "agent scripted" && field === "status" && to === "planning"),
  );
  await server.ask("POST", `/api/agents/${(await agentOf(ref)).id}/stop`);
  await page.close();
});

test("a browser notification reports a waiting agent while the page is hidden", limit, async (t) => {
  const { server, freeIssue, start } = stage;
  const whole = await openBrowser({ whole: true });
  t.after(() => whole.close());
  await whole.context.grantPermissions(["notifications"], { origin: server.url });
  const { page } = await whole.open();
  // Record notifications, which are outside the page, to inspect and click them.
  await page.addInitScript(`{
    globalThis.shownNotifications = [];
    const { Notification } = globalThis;
    globalThis.Notification = class extends Notification {
      constructor(...words) { super(...words); globalThis.shownNotifications.push(this); }
    };
    Object.defineProperty(document, "visibilityState", { get: () => globalThis.outOfView ? "hidden" : "visible" });
  }`);
  await goTo(page, server, "/settings/agents");
  await page.getByRole("checkbox", { name: /Notify me when an agent/ }).check();
  await page.evaluate("globalThis.outOfView = true");
  const ref = await freeIssue(8);
  const { id } = await start(ref, ["ask Which colour?", "read"]);
  const shown = () => page.evaluate<[string, string][]>("shownNotifications.map((one) => [one.title, one.body])");
  await eventually(async () => ((await shown()).length > 0 ? true : undefined), "it is told");
  assert.deepEqual(await shown(), [[`scripted is waiting on ${ref}`, "Which colour?"]]);
  await page.evaluate(`shownNotifications[0].dispatchEvent(new Event("click"))`);
  await page.waitForURL(`${server.url}/agents/${id}`);
  await server.ask("POST", `/api/agents/${id}/stop`);
});

test("axe finds no serious problem on the agents' pages, in either theme", limit, async () => {
  const { server, browser, freeIssue, start } = stage;
  const { id } = await start(await freeIssue(3), ["write a.txt b", "ask Well?", "read"]);
  const { page } = await browser.open();
  const found: string[] = [];
  const places: readonly (readonly [string, () => Promise<void>])[] = [
    ["terminal", () => untilScreen(page, /Well\?/).then(() => undefined)],
    [
      "changes",
      async () => {
        await page.getByRole("tab", { name: /Changes/ }).click();
        await page.locator(".patch").first().waitFor();
      },
    ],
    [
      "state",
      async () => {
        await page.getByRole("tab", { name: "STATE.md" }).click();
        await page.locator(".state-view :is(h2, h3)").first().waitFor();
      },
    ],
    [
      "start",
      async () => {
        await page.getByRole("button", { name: "Start agent" }).click();
        await page.getByRole("dialog").getByRole("option").first().click();
        await page.locator(".start-choice").first().waitFor();
      },
    ],
    [
      "settings",
      async () => {
        await page.goto(`${server.url}/settings/agents`);
        await page.locator(".agent-profiles li").first().waitFor();
      },
    ],
  ];
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await goTo(page, server, `/agents/${id}`);
  for (const [name, go] of places) {
    await go();
    found.push(...(await findViolations(page)).map((violation) => `${name}, ${violation}`));
  }
  await page.close();
  await server.ask("POST", `/api/agents/${id}/stop`);
  assert.deepEqual(found, []);
});
