/** What carries an issue's key and can have the focus: a card of the board, a row of the list. */
export const focusable = ".card[data-key], .row-link[data-key]";

/** The one in a part of the page that begins nearest to a height in the window, in pixels. */
function nearestTo(height: number, part: ParentNode): HTMLElement | null {
  let best: { readonly element: HTMLElement; readonly distance: number } | null = null;
  for (const element of part.querySelectorAll<HTMLElement>(focusable)) {
    const distance = Math.abs(element.getBoundingClientRect().top - height);
    if (best === null || distance < best.distance) best = { element, distance };
  }
  return best?.element ?? null;
}

/** Whether a part of it is within what its column or list shows. */
function isInSight(element: HTMLElement): boolean {
  const window = element.closest(".column-body, .list-scroll")?.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  return window === undefined || (box.bottom > window.top && box.top < window.bottom);
}

function cardElement(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`:is(.card, .row-link)[data-key="${CSS.escape(key)}"]`);
}

/** Whether the card or row with this key is drawn, and a part of it to be seen. */
export function isCardInSight(key: string): boolean {
  const element = cardElement(key);
  return element !== null && isInSight(element);
}

/**
 * Remembers the card or row that has the focus, else that of the issue with this key. Gives where the focus belongs later: to the same one while it is to be
 * seen, else to what has come to its place; null: there was none.
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
    // The list draws the row that has the focus also where it is far out of sight.
    if (top === undefined || (again !== null && isInSight(again))) return again;
    const near = column?.isConnected === true ? nearestTo(top, column) : null;
    // Of a column that is empty now the next one has it.
    return near ?? nearestTo(top, document);
  };
}
