import type { Page } from "playwright-core";
import type { Shot } from "./screenshot-shot.ts";

async function openCredentials(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Edit Rally credentials" }).click();
  await page.locator(".credential-form").waitFor();
}

async function openProject(page: Page): Promise<void> {
  await page.locator(".project-link").first().click();
  await page.locator(".state-cell").first().waitFor();
}

/** Settings without problems, and a failing test. */
export const settingsShots: readonly Shot[] = [
  { name: "settings-trackers", path: "/settings" },
  { name: "settings-credentials", path: "/settings", prepare: openCredentials },
  {
    name: "settings-test-failed",
    path: "/settings",
    prepare: async (page) => {
      await openCredentials(page);
      await page.locator(".credential-form [name=workspace]").fill("/workspace/1");
      await page.locator(".credential-form").getByRole("button", { name: "Test connection" }).click();
      await page.locator(".fix").waitFor();
    },
  },
  { name: "settings-projects", path: "/settings/projects" },
  {
    name: "settings-add-project",
    path: "/settings/projects#add",
    prepare: (page) => page.locator(".choice").first().waitFor(),
  },
  { name: "settings-project", path: "/settings/projects", prepare: openProject },
  {
    name: "settings-mapping",
    path: "/settings/projects",
    prepare: async (page) => {
      await openProject(page);
      await page.locator(".state-cell").nth(7).click();
      await page.locator(".picker-popup [role=option]").first().waitFor();
    },
  },
  { name: "settings-appearance", path: "/settings/appearance" },
];

/** Before anything is set up. */
export const firstRunShots: readonly Shot[] = [
  { name: "first-run", path: "/", prepare: (page) => page.locator(".connect-row").first().waitFor() },
  {
    name: "first-run-connect",
    path: "/",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Connect Jira" }).click();
      await page.locator(".credential-form").waitFor();
    },
  },
];
