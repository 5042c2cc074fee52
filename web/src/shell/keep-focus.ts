/** What takes the focus on purpose once something is gone (a dialog that closes, a card that has moved) has done so by then, in milliseconds. */
const patienceMs = 120;

/** So often it is tried again where nothing may have the focus yet: what lay over the page is still on its way out. */
const maxTries = 10;

/** What lies over the page, and maybe over another one. */
const layers = "[role=dialog], [role=menu]";

/**
 * Keeps the focus from getting lost for those who use the keyboard. When what has it is taken away, what stands around it gets it, or around what a closed dialog was
 * opened from; what is off while it works, or hidden while something is loaded, has it again afterwards. What lies behind an open dialog does not keep it. Gives a
 * function that stops this.
 */
export function keepFocus(): () => void {
  let held: HTMLElement | null = null;
  /** What around it can have the focus, the nearest first. */
  let around: readonly HTMLElement[] = [];
  /** What lies over the page and has the focus in it. */
  let layer: Element | null = null;
  /** What can have it in what lies below that and over the page, too: the page itself cannot as long as that is open. */
  let below: readonly HTMLElement[] = [];
  /** It was off since it had the focus, maybe for less than the patience. */
  let wasOff = false;
  /** What has the focus in its place while it is off. */
  let standIn: HTMLElement | null = null;
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
      // Else the user left it for nothing.
      if (wasOff) held.focus({ preventScroll: true });
      else held = null;
    } else if (isLost) {
      wasOff ||= held.isConnected;
      const place = [...around, ...below].find(canHaveFocus) ?? document.getElementById("main");
      // What had it last may itself have lain behind a dialog, for the moment until it was gone.
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
    standIn = null;
    wasOff = false;
    tries = 0;
    around = ancestorsOf(target).filter((element) => element.hasAttribute("tabindex"));
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget === null) lookSoon();
  };
  // Not every browser tells when what has the focus is taken away or off.
  const observer = new MutationObserver(() => {
    // A dialog has come over what has it.
    if (document.activeElement !== null && isBehind(document.activeElement)) lookSoon();
    if (held === null) return;
    const isOff = held.matches(":disabled");
    wasOff ||= isOff;
    // What works again has the focus before the next key is pressed: the user goes on from there.
    if (standIn !== null && held.isConnected && !isOff) look();
    else if (wasOff || !held.isConnected) lookSoon();
  });
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled", "aria-hidden"] });
  document.addEventListener("focusin", onFocusIn);
  document.addEventListener("focusout", onFocusOut);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("focusin", onFocusIn);
    document.removeEventListener("focusout", onFocusOut);
  };
}

function canHaveFocus(element: HTMLElement): boolean {
  const isThere = element.isConnected && element.checkVisibility() && element.closest("[inert]") === null;
  return isThere && !element.matches(":disabled");
}

/** Whether something is hidden from those who hear the page, as what lies behind a dialog is. */
function isBehind(element: Element): boolean {
  return element.closest("[aria-hidden=true]") !== null;
}

/** The dialog over all others. */
function findOpenDialog(): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>("[role=dialog][data-open]")].findLast((one) => !isBehind(one));
}

function ancestorsOf(element: HTMLElement): readonly HTMLElement[] {
  const ancestors: HTMLElement[] = [];
  for (let at = element.parentElement; at !== null; at = at.parentElement) ancestors.push(at);
  return ancestors;
}
