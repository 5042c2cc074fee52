import { useLayoutEffect, type RefObject } from "react";
import { type EarlyKey, isForField, pressAgain } from "./early-keys.ts";

/** What is pressed for something that has just been opened, before the focus is in it, is pressed again once it is. */
export function useEarlyKeys(open: boolean, popup: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    if (!open) return undefined;
    let keys: readonly EarlyKey[] = [];
    const listening = new AbortController();
    const { signal } = listening;
    const stop = () => listening.abort();
    const onKey = (event: KeyboardEvent) => {
      if (!isForField(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { key, ctrlKey, metaKey, repeat } = event;
      // A key that is still held is the one that opened it.
      if (!repeat) keys = [...keys, { key, ctrlKey, metaKey }];
    };
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof Node) || popup.current?.contains(target) !== true) return;
      stop();
      pressAgain(keys);
    };
    window.addEventListener("keydown", onKey, { capture: true, signal });
    document.addEventListener("focusin", onFocusIn, { signal });
    // The user goes elsewhere.
    document.addEventListener("pointerdown", stop, { capture: true, signal });
    return stop;
  }, [open, popup]);
}
