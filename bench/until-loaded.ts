import type { Page } from "playwright-core";

/** Resolves once the dashboard has also loaded what it defers: some seconds after opening. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  await page.waitForFunction(() =>
    ["issue-panel", "palette"].every((part) =>
      performance.getEntriesByType("resource").some(({ name }) => name.includes(part)),
    ),
  );
}
