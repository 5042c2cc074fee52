import type { Page } from "playwright-core";

/** What has the focus. */
export type Focus = {
  /** In words; `body` where nothing has it. */
  readonly words: string;
  /** The user has pressed the pointer where nothing can have it. */
  readonly isLeft: boolean;
  readonly inDialog: boolean;
  /** When its document began, which tells it from others. */
  readonly document: number;
};

/** Between two looks, in milliseconds by the page's own timers: a page that the machine gives no time is not late. */
const betweenLooksMs = 50;
/** So many looks what had the focus may be about to get it back. */
const mostLooks = 16;

/** What has the focus now. */
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

/** Watches that the focus does not get lost: who uses the keyboard would have to begin at the top of the page again. */
export type FocusWatch = {
  /** Before something is done. */
  note(): Promise<void>;
  /** Afterwards: what had the focus, where nothing has it any more. */
  findLost(): Promise<string | null>;
};

export function watchFocus(page: Page): FocusWatch {
  let before: Focus | null = null;
  /** What had the focus before a dialog was opened: there is nothing to go back to where nothing had. */
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
        // Of another document nothing had the focus.
        if (now.words !== "body" || now.isLeft || now.document !== before.document) return null;
        if (look === mostLooks) return before.words;
        await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), betweenLooksMs);
      }
    },
  };
}
