import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import type { AgentShape } from "../../src/server/contract/work.ts";
import { panCommand } from "../support/agent-bench.ts";
import { goTo } from "../support/board.ts";
import { putOnHost } from "../support/emulated-code.ts";
import {
  eventually,
  isSynced,
  makeHome,
  oneProject,
  type PanServer,
  sourceOf,
  startPan,
  untilTrackers,
} from "../support/stage.ts";
import { gitEnvironment, makeRepository } from "../support/workbench.ts";
import { findViolations } from "./find-violations.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";

const limit = { timeout: 120_000 };

let folder: string;
let github: Emulator;
let gitlab: Emulator;
let home: PanHome;
let server: PanServer;
let browser: TestBrowser;

before(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pan-web-agents-")));
  [github, gitlab] = (await Promise.all(
    ["github", "gitlab"].map((tracker) => startEmulator(tracker, { issues: 40, seed: 5, sources: 1 })),
  )) as [Emulator, Emulator];
  const [one, two] = [github, gitlab].map((emulator) => {
    const own = join(folder, emulator.tracker);
    mkdirSync(own);
    const code = makeRepository(own);
    putOnHost(emulator, code);
    return code.checkout;
  });
  // Its set-up fails until somebody puts right what is wrong.
  const setup = `    workspace: { setup: ["test -e ${join(folder, "mended")}"] }\n`;
  const other = `  two:\n    history: all\n    gitlab_project: ${sourceOf(gitlab)}\n    path: ${two}\n    agent: scripted\n${setup}`;
  home = makeHome({
    emulators: [github, gitlab],
    projects: `${oneProject(github, null)}    path: ${one}\n    agent: scripted\n${other}`,
    config: `agents:\n  scripted: { command: ${JSON.stringify([...panCommand, "agent", "scripted", "{prompt}"])}, resume: [] }\n`,
  });
  server = await startPan(home, { env: gitEnvironment });
  await untilTrackers(server, (shape) => isSynced(shape), "all is mirrored");
  browser = await openBrowser();
  browser.context.setDefaultTimeout(45_000);
});

after(async () => {
  await browser.close();
  for (const { id } of (await server.get<{ agents: AgentShape[] }>("/api/agents")).agents) {
    await server.ask("POST", `/api/agents/${id}/stop`);
  }
  await server.stop();
  await Promise.all([github.close(), gitlab.close()]);
  await home[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const agentOf = async (ref: string): Promise<AgentShape> => {
  const { agents } = await server.get<{ agents: AgentShape[] }>("/api/agents");
  const found = agents.find((agent) => agent.ref === ref);
  assert.ok(found, `an agent is on ${ref}`);
  return found;
};

async function freeIssue(at: number, tracker = "github"): Promise<string> {
  const { issues } = await server.get<IssueListShape>(
    `/api/issues?status=backlog,planning,in_progress&sort=created&limit=20&tracker=${tracker}`,
  );
  const ref = issues[at]?.ref;
  assert.ok(ref, "there is an issue in the backlog");
  return ref;
}

/** The board with the issues of one tracker, so that the cards are drawn. */
async function goToGithub(page: Page): Promise<void> {
  await goTo(page, server, "/?tracker=github");
  await page.waitForSelector(".bar");
}

const screenText = (page: Page) => page.locator(".xterm-rows").first().innerText();

const untilScreen = (page: Page, pattern: RegExp) =>
  eventually(async () => (pattern.test(await screenText(page)) ? true : undefined), `it shows ${String(pattern)}`, {
    describe: () => screenText(page),
  });

/** Starts an agent by the API's word. */
async function start(ref: string, script: readonly string[], agent = "scripted"): Promise<AgentShape> {
  const started = await server.ask("POST", "/api/agents", { ref, agent, prompt: `script:\n${script.join("\n")}` });
  assert.equal(started.status, 201, JSON.stringify(started.body));
  return started.body as AgentShape;
}

test(
  "from the board to work that is done: start by key, terminal, waiting, reply, changes, stop, resume",
  limit,
  async () => {
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
    const said = page.getByText(`scripted waits for input on ${ref}: Shall I? [y/n]`).first();
    await said.waitFor({ state: "attached" });
    const notice = page.locator(".toast", { hasText: "waits for input" });
    assert.equal(await notice.count(), 0, "who looks at it has no notice over the reply");
    const { since } = await agentOf(ref);
    const noticedMs = Date.now() - Date.parse(since);
    assert.ok(noticedMs < 5_000, `noticed after ${noticedMs} ms`);
    await page.locator(".side-count[data-hot]").getByText("1 waiting").waitFor();
    await untilScreen(page, /Shall I\?/);
    await page.getByRole("button", { name: "Answer y" }).click();
    await untilScreen(page, /Committed: Note it/);

    await page.getByRole("tab", { name: /Changes/ }).click();
    await page.locator(".change-file", { hasText: "note.txt" }).locator(".patch-text", { hasText: /^y$/ }).waitFor();
    await page.locator(".change-file", { hasText: "draft.txt" }).getByText("not committed").waitFor();
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

test("two viewers share a terminal, and a tab that is reloaded finds it again", limit, async () => {
  const { id, ref } = await start(await freeIssue(1), ["say one", "say two", "read", "say heard {answer}", "read"]);
  const [first, second] = [await browser.open(), await browser.open()];
  await second.page.setViewportSize({ width: 390, height: 844 });
  for (const { page } of [first, second]) {
    await page.goto(`${server.url}/agents/${id}`);
    await untilScreen(page, /two/);
  }
  await first.page.locator(".xterm-screen").click();
  await first.page.keyboard.type("hello\n");
  for (const { page } of [first, second]) await untilScreen(page, /heard hello/);
  await first.page.reload();
  await untilScreen(first.page, /one[\s\S]*two[\s\S]*heard hello/);
  const wide = await second.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px at 390`);
  assert.equal((await agentOf(ref)).state, "running");
  await first.page.close();
  await second.page.close();
  await server.ask("POST", `/api/agents/${id}/stop`);
});

test(
  "on a phone an agent has the screen for itself, answers are one touch, and the list is a step back",
  limit,
  async () => {
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
  },
);

test("a workspace is made from the issue, says what would be lost, and is removed all the same", limit, async () => {
  const { page } = await browser.open();
  await goToGithub(page);
  const ref = await freeIssue(2);
  await page.locator(`.card[data-ref="${ref}"]`).click();
  await page.getByRole("button", { name: "Create workspace" }).click();
  const row = page.locator('.workspace[data-state="ready"]');
  await row.waitFor();
  const path = await row.locator("code").nth(1).innerText();
  assert.ok(existsSync(path), path);
  const { id } = await start(ref, ["write lost.txt words", "say written", "read"]);
  await page.locator(".work-agent").waitFor();
  await eventually(async () => (existsSync(join(path, "lost.txt")) ? true : undefined), "the file is there");
  await server.ask("POST", `/api/agents/${id}/stop`);
  await row.getByText("1 file not committed").waitFor();
  await row.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: /Remove the workspace/ });
  await dialog.getByText("lost.txt").waitFor();
  await dialog.getByRole("button", { name: "Remove all the same" }).click();
  await page.getByRole("button", { name: "Create workspace" }).waitFor();
  assert.ok(!existsSync(path));
  await page.close();
});

const issue = (ref: string) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(ref)}`);

/** The request whose branch this is, as its host has it. */
async function requestOf(emulator: Emulator, path: string, token: string, branch: string): Promise<string> {
  const response = await fetch(`${emulator.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.ok(response.ok, `${path}: ${response.status}`);
  const requests = (await response.json()) as {
    body?: string;
    description?: string;
    source_branch?: string;
    head?: { ref: string };
  }[];
  const found = requests.find(({ source_branch, head }) => (source_branch ?? head?.ref) === branch);
  return found?.body ?? found?.description ?? assert.fail(`${branch} among ${JSON.stringify(requests).slice(0, 500)}`);
}

test("Plan on the issue: the agent plans, and the issue is in planning", limit, async () => {
  const { page } = await browser.open();
  await goToGithub(page);
  const ref = await freeIssue(4);
  await page.locator(`.card[data-ref="${ref}"]`).click();
  await page.getByRole("button", { name: "Plan", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: /^Start an agent/ });
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

test("Open request on GitHub, from the agent's page: the issue is linked and in review", limit, async () => {
  const ref = await freeIssue(5);
  const { id, branch } = await start(ref, ["write a.txt b", "commit Add a", "read"]);
  const { page } = await browser.open();
  await page.goto(`${server.url}/agents/${id}`);
  await untilScreen(page, /Committed: Add a/);
  await page.getByRole("button", { name: "Open request" }).click();
  const link = page.locator(".agent-actions a", { hasText: /^#\d+$/ });
  await link.waitFor();
  assert.match((await link.getAttribute("href")) ?? "", /\/pull\/\d+$/);
  const path = `/repos/${sourceOf(github)}/pulls?state=open&sort=created&direction=desc`;
  const text = await requestOf(github, path, github.credentials["GITHUB_TOKEN"] ?? "", branch ?? "");
  assert.match(text, new RegExp(`Closes \\S*#${/\d+$/.exec(ref)?.[0]}\\b`));
  await eventually(async () => ((await issue(ref)).status === "in_review" ? true : undefined), `${ref} is in review`);
  await server.ask("POST", `/api/agents/${id}/stop`);
  await page.close();
});

test("a step that failed is gone on with, and the work handed in on GitLab, from the issue", limit, async () => {
  const { page } = await browser.open();
  await goToGithub(page);
  const ref = await freeIssue(0, "gitlab");
  await page.goto(`${server.url}/issues/${encodeURIComponent(ref)}`);
  await page.getByRole("button", { name: "Create workspace" }).click();
  const failed = page.locator('.workspace[data-state="failed"]');
  await failed
    .getByText(/“test -e .*” failed with exit code 1/)
    .first()
    .waitFor();
  writeFileSync(join(folder, "mended"), "");
  await failed.getByRole("button", { name: "Go on from there" }).click();
  const ready = page.locator('.workspace[data-state="ready"]');
  await ready.waitFor();
  assert.ok(await ready.getByRole("button", { name: "Open request" }).isDisabled(), "there is no commit yet");
  const { branch } = await start(ref, ["write a.txt b", "commit Add a", "exit 0"]);
  await ready.getByText("1 ahead").waitFor();
  await ready.getByRole("button", { name: "Open request" }).click();
  await ready.getByRole("link", { name: /^!\d+, open$/ }).waitFor();
  const path = `/api/v4/projects/${encodeURIComponent(sourceOf(gitlab))}/merge_requests?state=opened`;
  const text = await requestOf(gitlab, path, gitlab.credentials["GITLAB_TOKEN"] ?? "", branch ?? "");
  assert.match(text, new RegExp(`Closes \\S*#${/\d+$/.exec(ref)?.[0]}\\b`));
  await eventually(async () => ((await issue(ref)).status === "in_review" ? true : undefined), `${ref} is in review`);
  await page.close();
});

test("the wheel reads what the terminal scrolled away, and E opens the workspace in the editor", limit, async () => {
  const ref = await freeIssue(6);
  const lines = Array.from({ length: 120 }, (_, index) => `say line ${index + 1}.`);
  const { id } = await start(ref, [...lines, "read"]);
  const { page } = await browser.open();
  // No editor is started: what is looked at is the address that a link opens.
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
  await page.goto(`${server.url}/agents/${id}`);
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
  await page.getByRole("button", { name: "To the end" }).click();
  await untilScreen(page, /line 120\./);
  // Keys do not go to the terminal any more.
  await page.locator(".agent-facts").click();
  await pressE();

  await page.goto(`${server.url}/?tracker=github`);
  const card = page.locator(`.card[data-ref="${ref}"]`);
  await page.locator(".card-box", { has: card }).locator(".card-work").waitFor();
  await card.click();
  await page.locator(".workspace [data-open-editor]").waitFor();
  await pressE();

  // The board goes to the address itself. Last: the browser asks its user before it opens a program, and hears no keys meanwhile.
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

test("a notification of the browser tells of an agent that waits while the page is out of view", limit, async (t) => {
  const whole = await openBrowser({ whole: true });
  t.after(() => whole.close());
  await whole.context.grantPermissions(["notifications"], { origin: server.url });
  const { page } = await whole.open();
  // What the browser shows outside of the page is kept, to be looked at and clicked.
  await page.addInitScript(`{
    globalThis.shownNotifications = [];
    const { Notification } = globalThis;
    globalThis.Notification = class extends Notification {
      constructor(...words) { super(...words); globalThis.shownNotifications.push(this); }
    };
    Object.defineProperty(document, "visibilityState", { get: () => globalThis.outOfView ? "hidden" : "visible" });
  }`);
  await goTo(page, server, "/settings/agents");
  await page.getByRole("checkbox", { name: /notification of the browser/ }).check();
  await page.evaluate("globalThis.outOfView = true");
  const ref = await freeIssue(8);
  const { id } = await start(ref, ["ask Which colour?", "read"]);
  const shown = () => page.evaluate<[string, string][]>("shownNotifications.map((one) => [one.title, one.body])");
  await eventually(async () => ((await shown()).length > 0 ? true : undefined), "it is told");
  assert.deepEqual(await shown(), [[`scripted waits on ${ref}`, "Which colour?"]]);
  await page.evaluate(`shownNotifications[0].dispatchEvent(new Event("click"))`);
  await page.waitForURL(`${server.url}/agents/${id}`);
  await server.ask("POST", `/api/agents/${id}/stop`);
});

test("axe finds nothing serious on the agents' pages, in both themes", limit, async () => {
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
