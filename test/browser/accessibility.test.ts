import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startEmulator } from "../../emulators/start.ts";
import { goToBoard } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { oneProject } from "../support/stage.ts";
import { findViolations } from "./find-violations.ts";
import { type LiveStage, openLiveStage } from "./live-stage.ts";

const limit = { timeout: 180_000 };

let stage: LiveStage;
before(async () => {
  const github = await startEmulator("github", { issues: 20, seed: 5, sources: 1 });
  const linear = await startEmulator("linear", { issues: 20, seed: 5, sources: 1 });
  stage = await openLiveStage({ emulators: [github, linear], projects: oneProject(github, linear, "200d") });
});
after(() => stage.close());

/** Navigates like a link of the dashboard, within the same document, because injecting axe takes longer than running it. */
async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => history.pushState(null, "", to), path);
}

/** Closes whatever the last place opened, and returns to the board. */
async function backToBoard(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator("[role=dialog], .bulk-bar").waitFor({ state: "detached" });
  await goWithin(page, "/");
  await page.locator(".card[data-ref]").first().waitFor();
}

/** Places and states of the dashboard, and how to reach them from the board. */
const places: readonly {
  readonly name: string;
  /** Has a URL of its own, so the board need not be shown first. */
  readonly direct?: true;
  readonly go: (page: Page) => Promise<void>;
}[] = [
  {
    name: "board, with a column that says what is not mirrored",
    async go(page) {
      await page.locator(".column-note").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "selection",
    go: async (page) => {
      await page.locator(".card").first().focus();
      await page.keyboard.press("x");
      await page.locator(".bulk-bar").waitFor();
    },
  },
  {
    name: "move dialog",
    go: async (page) => {
      await page.locator(".card").first().focus();
      await page.keyboard.press("s");
      await page.locator(".field-dialog [role=option]").first().waitFor();
    },
  },
  {
    name: "palette",
    go: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(".palette-row").first().waitFor();
    },
  },
  {
    name: "new issue",
    go: async (page) => {
      await page.keyboard.press("c");
      await page.locator(".create [data-field=status]").waitFor();
    },
  },
  {
    name: "issue",
    go: async (page) => {
      await page.locator(".card").first().click();
      await page.locator(".composer").waitFor();
      // A draft left earlier opens automatically.
      if ((await page.locator(".issue-text textarea").count()) === 0) await page.locator(".body-edit").click();
      await page.locator(".issue-text textarea").waitFor();
    },
  },
  {
    name: "list",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/list?group=project");
      await page.locator(".row-link").first().waitFor();
    },
  },
  {
    name: "activity",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/activity");
      await page.locator(".outbox").waitFor();
    },
  },
  {
    name: "tracker settings",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/settings");
      await page.getByText("Test connection").first().waitFor();
    },
  },
  {
    name: "project settings",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/settings/projects");
      await page.getByRole("tab", { name: "Projects", selected: true }).waitFor();
    },
  },
  {
    name: "credentials",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/settings");
      await page.getByRole("button", { name: "Edit GitHub credentials" }).click();
      await page.locator(".credential-form").waitFor();
    },
  },
  {
    name: "adding a project",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/settings/projects#add");
      await page.locator(".choice").first().waitFor();
    },
  },
  {
    name: "project",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/settings/projects/one");
      await page.locator(".state-cell").nth(1).click();
      await page.locator(".picker-popup [role=option]").first().waitFor();
    },
  },
  {
    name: "an issue's page",
    direct: true,
    go: async (page) => {
      const ref = await page.evaluate(async () => {
        const answer = await fetch("/api/issues?limit=1");
        return ((await answer.json()) as { issues: { ref: string }[] }).issues[0]?.ref ?? "";
      });
      await goWithin(page, `/issues/${encodeURIComponent(ref)}`);
      await page.locator(".composer").waitFor();
      await page.getByRole("heading", { level: 1, name: ref }).waitFor();
    },
  },
  {
    name: "no such page",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/nowhere");
      await page.getByRole("heading", { name: "Page not found" }).waitFor();
    },
  },
  {
    name: "agents",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/agents");
      await page.getByRole("heading", { name: "No agents yet" }).waitFor();
    },
  },
  {
    name: "agents' settings",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/settings/agents");
      await page.locator(".agent-profiles > li b").first().waitFor();
    },
  },
  {
    name: "shortcuts",
    go: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "start of an agent",
    go: async (page) => {
      await page.locator(".card").first().focus();
      await page.keyboard.press("a");
      await page.locator(".start-agents .start-choice").first().waitFor();
    },
  },
  {
    name: "appearance settings",
    direct: true,
    go: async (page) => {
      await goWithin(page, "/settings/appearance");
      await page.locator(".theme-choice").first().waitFor();
    },
  },
];

test("axe finds no serious problem, in either theme", limit, async () => {
  const { page } = await stage.browser.open();
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const found: string[] = [];
  await goToBoard(page, stage.server);
  await page.locator(".card[data-ref]").first().waitFor();
  for (const { name, go, direct = false } of places) {
    if (!direct) await backToBoard(page);
    await go(page);
    found.push(...(await findViolations(page)).map((violation) => `${name}, ${violation}`));
  }
  await page.close();
  assert.deepEqual(found, []);
});
