/** Focusable elements with an issue's key: cards of the board, rows of the list. */
export const focusable = ".card[data-key], .row-link[data-key]";

/** The focusable element whose top is nearest to `height`, a window coordinate in pixels. */
function nearestTo(height: number, part: ParentNode): HTMLElement | null {
  let best: { readonly element: HTMLElement; readonly distance: number } | null = null;
  for (const element of part.querySelectorAll<HTMLElement>(focusable)) {
    const distance = Math.abs(element.getBoundingClientRect().top - height);
    if (best === null || distance < best.distance) best = { element, distance };
  }
  return best?.element ?? null;
}

/** Whether the element is at least partly visible in its column or list. */
function isInSight(element: HTMLElement): boolean {
  const window = element.closest(".column-body, .list-scroll")?.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  return window === undefined || (box.bottom > window.top && box.top < window.bottom);
}

function cardElement(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`:is(.card, .row-link)[data-key="${CSS.escape(key)}"]`);
}

/** Whether the card or row with this key is rendered and at least partly visible. */
export function isCardInSight(key: string): boolean {
  const element = cardElement(key);
  return element !== null && isInSight(element);
}

/**
 * Remembers the focused card or row, otherwise the one with this key. Returns a function that finds where the focus belongs later: the same element while it is
 * visible, otherwise the one that took its place; null: there was none.
 */
export function rememberFocusPlace(key: string | undefined): () => HTMLElement | null {
  const { activeElement } = document;
  const focused = activeElement instanceof HTMLElement && activeElement.matches(focusable) ? activeElement : null;
  const own = focused?.dataset["key"] ?? key;
  const find = () => (own === undefined ? null : cardElement(own));
  const before = focused ?? find();
  const top = before?.getBoundingClientRect().top;
  const column = before?.closest("[data-column]");
  return () => {
    const again = find();
    // The list renders the focused row even when it is scrolled out of sight.
    if (top === undefined || (again !== null && isInSight(again))) return again;
    const near = column?.isConnected === true ? nearestTo(top, column) : null;
    // If the column is empty now, use the nearest card of another one.
    return near ?? nearestTo(top, document);
  };
}
