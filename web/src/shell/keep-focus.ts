/** Milliseconds to wait for code that moves the focus on purpose (a dialog that closes, a card that moved). */
const patienceMs = 120;

/** How often to retry while nothing can take the focus because an overlay is still closing. */
const maxTries = 10;

/** What a press gives the focus to. */
const focusable = "a[href], button, input, textarea, select, summary, [tabindex]";

/** Overlays, which may be nested. */
const layers = "[role=dialog], [role=menu]";

/**
 * Keeps keyboard users from losing the focus. When the focused element is removed, focuses an ancestor of it, or of the element that opened a closed dialog; an
 * element disabled while it works, or hidden while something loads, gets the focus back afterwards. An element that is removed while it is pressed leaves the
 * focus where it was. Moves the focus out of what is behind an open dialog.
 * Returns a function that stops this.
 */
export function keepFocus(): () => void {
  let held: HTMLElement | null = null;
  /** The focusable ancestors of the held element, nearest first. */
  let around: readonly HTMLElement[] = [];
  /** The overlay that contains the held element. */
  let layer: Element | null = null;
  /** Focusable elements of the overlays below, because the page itself cannot take the focus while they are open. */
  let below: readonly HTMLElement[] = [];
  /** The held element was disabled since it was focused, perhaps for less than `patienceMs`. */
  let wasOff = false;
  /** The element focused in place of the held one while it is disabled. */
  let standIn: HTMLElement | null = null;
  /** The focusable element that is pressed, until something gets the focus or a key is pressed. */
  let pressed: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;

  const look = () => {
    timer = undefined;
    const { activeElement } = document;
    if (activeElement !== null && isBehind(activeElement)) {
      findOpenDialog()?.focus({ preventScroll: true });
      return;
    }
    const isLost = activeElement === document.body || activeElement === null;
    if (held === null || !(isLost || activeElement === standIn)) return;
    if (canHaveFocus(held)) {
      standIn = null;
      const isPressedGone = pressed !== null && !canHaveFocus(pressed);
      // Otherwise the user moved the focus away on purpose.
      if (wasOff || isPressedGone) held.focus({ preventScroll: true });
      else held = null;
    } else if (isLost) {
      wasOff ||= held.isConnected;
      const place = [...around, ...below].find(canHaveFocus) ?? document.getElementById("main");
      // The candidate may itself be behind a dialog that is still closing.
      standIn = place !== null && isBehind(place) ? (findOpenDialog() ?? place) : place;
      standIn?.focus({ preventScroll: true });
      if (document.activeElement === standIn) tries = 0;
      else if ((tries += 1) < maxTries) lookSoon();
    }
  };
  const lookSoon = () => {
    timer ??= setTimeout(look, patienceMs);
  };
  const onFocusIn = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement) || target === standIn) return;
    if (isBehind(target)) lookSoon();
    const over = target.closest(layers);
    if (over !== layer) {
      const before = [...around, ...below].filter((element) => element.isConnected && element.closest(layers) !== null);
      below = [...new Set(before)];
      layer = over;
    }
    held = target;
    pressed = null;
    standIn = null;
    wasOff = false;
    tries = 0;
    around = ancestorsOf(target).filter((element) => element.hasAttribute("tabindex"));
  };
  const onPointerDown = ({ target }: PointerEvent) => {
    pressed = target instanceof Element ? target.closest<HTMLElement>(focusable) : null;
  };
  const onKeyDown = () => {
    pressed = null;
  };
  // Not every browser fires an event when the focused element is removed or disabled.
  const observer = new MutationObserver(() => {
    // A dialog opened over the focused element.
    if (document.activeElement !== null && isBehind(document.activeElement)) lookSoon();
    if (held === null) return;
    const isOff = held.matches(":disabled");
    wasOff ||= isOff;
    // Restore the focus before the next key press, so that the user can continue.
    if (standIn !== null && held.isConnected && !isOff) look();
    else if (wasOff || !held.isConnected) lookSoon();
  });
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled", "aria-hidden"] });
  document.addEventListener("focusin", onFocusIn);
  // Also if it went to an element: what is done when the field before loses it may remove that element.
  document.addEventListener("focusout", lookSoon);
  document.addEventListener("pointerdown", onPointerDown, { capture: true });
  document.addEventListener("keydown", onKeyDown, { capture: true });
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("focusin", onFocusIn);
    document.removeEventListener("focusout", lookSoon);
    document.removeEventListener("pointerdown", onPointerDown, { capture: true });
    document.removeEventListener("keydown", onKeyDown, { capture: true });
  };
}

function canHaveFocus(element: HTMLElement): boolean {
  const isThere = element.isConnected && element.checkVisibility() && element.closest("[inert]") === null;
  return isThere && !element.matches(":disabled");
}

/** Whether an element is hidden from screen readers, as everything behind a dialog is. */
function isBehind(element: Element): boolean {
  return element.closest("[aria-hidden=true]") !== null;
}

/** The topmost dialog. */
function findOpenDialog(): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>("[role=dialog][data-open]")].findLast((one) => !isBehind(one));
}

function ancestorsOf(element: HTMLElement): readonly HTMLElement[] {
  const ancestors: HTMLElement[] = [];
  for (let at = element.parentElement; at !== null; at = at.parentElement) ancestors.push(at);
  return ancestors;
}
