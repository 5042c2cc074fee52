import type { Page } from "playwright-core";
import type { Scene } from "./screenshot-scene.ts";
import { settingsShots } from "./screenshot-settings-shots.ts";
import type { Shot } from "./screenshot-shot.ts";

const editable = "/?tracker=github,jira";

async function openIssue(page: Page, index = 2): Promise<void> {
  await page.locator(".card[data-ref]").nth(index).click();
  await page.locator(".issue-panel .properties .property").first().waitFor();
  // The text arrives after the rest, and its renderer after it.
  await page.locator(".issue-panel .issue-text:not([aria-busy], :has([aria-busy]))").first().waitFor();
}

/** Without problems. */
export const calmShots: readonly Shot[] = [
  { name: "board", path: "/" },
  { name: "board-filtered", path: "/?assignee=me&sort=updated" },
  { name: "board-by-assignee", path: "/?group=assignee&status=in_progress" },
  { name: "board-wrong-filter", path: "/?status=doing&tracker=github" },
  { name: "no-results", path: "/?q=nothing-has-this-word" },
  { name: "list", path: "/list?group=project" },
  {
    name: "bulk",
    path: "/",
    wide: true,
    prepare: async (page) => {
      await page.locator(".card[data-ref]").nth(1).focus();
      for (const key of ["x", "Shift+ArrowDown", "Shift+ArrowDown"]) await page.keyboard.press(key);
      await page.locator(".bulk-bar").waitFor();
    },
  },
  { name: "issue", path: "/", prepare: (page) => openIssue(page) },
  {
    name: "editor",
    path: "/",
    prepare: async (page) => {
      await openIssue(page);
      await page.locator(".body-edit").click();
      await page.locator(".issue-text textarea").waitFor();
    },
  },
  {
    name: "palette",
    path: "/",
    prepare: async (page) => {
      await page.locator(".card[data-ref]").first().waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.type("carrier");
      await page.getByText("Filter board: text").waitFor();
    },
  },
  {
    name: "move",
    path: editable,
    wide: true,
    prepare: async (page) => {
      await page.locator(".card[data-ref]").first().focus();
      await page.keyboard.press("s");
      await page.locator(".move-list").waitFor();
    },
  },
  {
    name: "agents",
    path: "/agents",
    prepare: async (page) => {
      await page.locator(".xterm-rows, .empty").first().waitFor();
    },
  },
  {
    name: "start-agent",
    path: "/",
    prepare: async (page) => {
      await page.locator(".card[data-ref]").first().focus();
      await page.keyboard.press("a");
      await page.locator(".start-agents .start-choice").first().waitFor();
    },
  },
  {
    name: "settings-agents",
    path: "/settings/agents",
    prepare: async (page) => {
      await page.locator(".agent-profiles > li").first().waitFor();
    },
  },
  {
    name: "shortcuts",
    path: "/",
    wide: true,
    prepare: async (page) => {
      await page.locator(".card[data-ref]").first().waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "create",
    path: "/",
    prepare: async (page) => {
      await page.locator(".card[data-ref]").first().waitFor();
      await page.keyboard.press("c");
      await page.locator(".create-title").waitFor();
      await page.locator(".create-title").fill("Rates page shows yesterday’s surcharge after midnight UTC");
      await page.locator(".create [data-field=status]").waitFor();
    },
  },
  ...settingsShots,
];

/** In the scene of `makeScene`. */
export function troubledShots({ conflict }: Scene): readonly Shot[] {
  const at = (address: string) => `/issues/${encodeURIComponent(address)}`;
  return [
    { name: "board-trouble", path: "/?status=in_progress,in_review" },
    { name: "list-trouble", path: "/list?status=in_progress,in_review" },
    { name: "conflict", path: at(conflict.address), prepare: (page) => page.locator(".conflict").waitFor() },
    {
      name: "read-only",
      path: "/?tracker=linear&project=portal",
      prepare: async (page) => {
        await openIssue(page);
        await page.locator(".read-only").waitFor();
      },
    },
    {
      name: "activity",
      path: "/activity",
      prepare: (page) => page.locator(".operation").first().waitFor(),
    },
    { name: "settings-trouble", path: "/settings" },
  ];
}
