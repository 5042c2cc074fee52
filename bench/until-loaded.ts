import type { Page } from "playwright-core";

/** Resolves when what the dashboard loads at leisure after its first cards is there, too: some seconds after the page was opened. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  await page.waitForFunction(() =>
    ["issue-panel", "palette"].every((part) =>
      performance.getEntriesByType("resource").some(({ name }) => name.includes(part)),
    ),
  );
}
