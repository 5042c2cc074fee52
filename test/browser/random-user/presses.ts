import type { Page } from "playwright-core";

declare global {
  interface Window {
    /** Whether the pointer was pressed last where nothing can have the focus, and no key since. Put there before the page's own code. */
    pressedNothing?: boolean;
  }
}

/** From the next document on it is known whether the user has left what had the focus for nothing. */
export async function notePresses(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const focusable =
      "a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), summary, label, [tabindex]";
    addEventListener(
      "mousedown",
      ({ target }) => {
        window.pressedNothing = target instanceof Element && target.closest(focusable) === null;
      },
      { capture: true },
    );
    addEventListener("keydown", () => (window.pressedNothing = false), { capture: true });
  });
}
