import type { Page } from "playwright-core";

/** The focused element. */
export type Focus = {
  /** A description; `body` if nothing has the focus. */
  readonly words: string;
  /** The user clicked where nothing is focusable. */
  readonly isLeft: boolean;
  readonly inDialog: boolean;
  /** The document's start time, which identifies it. */
  readonly document: number;
};

/** Between two checks, in milliseconds of the page's own timers, so that a stalled machine does not count as late. */
const betweenLooksMs = 50;
/** How many checks to wait for the focus to return. */
const mostLooks = 16;

/** Reads the current focus. */
export function readFocus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    const isLeft = window.pressedNothing === true;
    if (element === null || element === document.body) {
      return { words: "body", isLeft, inDialog: false, document: performance.timeOrigin };
    }
    const inDialog = element.closest("[role=dialog], [role=menu]") !== null;
    const name =
      element.getAttribute("aria-label") ?? (element as HTMLElement).dataset["ref"] ?? element.textContent ?? "";
    const words = `${inDialog ? "in a dialog " : ""}${element.tagName.toLowerCase()}.${element.className} “${name.trim().slice(0, 40)}”`;
    return { words, isLeft, inDialog, document: performance.timeOrigin };
  });
}

/** Detects a lost focus, which would send keyboard users back to the top of the page. */
export type FocusWatch = {
  /** Call before an action. */
  note(): Promise<void>;
  /** Call after an action: describes the element that had the focus if nothing has it now. */
  findLost(): Promise<string | null>;
};

export function watchFocus(page: Page): FocusWatch {
  let before: Focus | null = null;
  /** The focus before a dialog opened; if nothing had it, there is nothing to return to. */
  let outside: Focus | null = null;
  const isHeld = (focus: Focus | null) => focus !== null && focus.words !== "body";
  return {
    async note() {
      before = await readFocus(page);
      if (!before.inDialog) outside = before;
    },
    async findLost() {
      if (before === null || !isHeld(before)) return null;
      if (before.inDialog && (!isHeld(outside) || outside?.document !== before.document)) return null;
      for (let look = 1; ; look += 1) {
        const now = await readFocus(page);
        // In a new document nothing had the focus.
        if (now.words !== "body" || now.isLeft || now.document !== before.document) return null;
        if (look === mostLooks) return before.words;
        await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), betweenLooksMs);
      }
    },
  };
}
