import type { Page } from "playwright-core";

declare global {
  interface Window {
    /** Whether the last input was a click where nothing is focusable. Installed before the page's own code. */
    pressedNothing?: boolean;
  }
}

/** From the next document on, tracks whether the user deliberately left the focus. */
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
