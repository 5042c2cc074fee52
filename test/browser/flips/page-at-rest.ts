import type { Page } from "playwright-core";

declare global {
  interface Window {
    /** Installed before the page's own code: how many changes await their answers. */
    changesUnderWay?: number;
  }
}

/** From the next document on, counts the page's changes that have no answer yet, as the page itself knows it. */
export async function watchChanges(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.changesUnderWay = 0;
    const ask = window.fetch;
    window.fetch = async (input, init) => {
      if ((init?.method ?? "GET") === "GET") return ask(input, init);
      window.changesUnderWay = (window.changesUnderWay ?? 0) + 1;
      try {
        return await ask(input, init);
      } finally {
        // The page hears of it first.
        setTimeout(() => (window.changesUnderWay = (window.changesUnderWay ?? 0) - 1));
      }
    };
  });
}

/** Whether a page has no change under way and would let the user leave without asking. */
export function isAtRest(page: Page): Promise<boolean> {
  return page.evaluate(
    () => window.changesUnderWay === 0 && dispatchEvent(new Event("beforeunload", { cancelable: true })),
  );
}
