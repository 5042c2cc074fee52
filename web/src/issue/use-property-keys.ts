import { useCallback, useEffect, useRef } from "react";
import { fieldKeys } from "../fields/field-name.ts";
import { createAfterG } from "../shell/after-g.ts";
import { isTyping } from "../shell/shortcuts.ts";

/** What the other keys press. */
const buttons: Readonly<Record<string, string>> = { a: "[data-start-agent]", e: ".workspace [data-open-editor]" };

/**
 * S, P, L and I open the issue's own properties, A starts an agent on it, E opens its workspace in the editor, where it is alone or in its panel. Gives what is to be
 * called once all of the issue is drawn: the button that a key asked for before it was there is pressed then.
 */
export function usePropertyKeys(): () => void {
  /** The button that the last key asked for, where it is not there yet; null: all is drawn, or nothing was asked for. */
  const early = useRef<string | null>(null);
  const isDrawn = useRef(false);
  useEffect(() => {
    const isAfterG = createAfterG();
    const onKey = (event: KeyboardEvent) => {
      early.current = null;
      // In a panel there is no “go to”.
      if (isAfterG(event) && document.querySelector(".issue-panel") === null) return;
      const key = event.key.toLowerCase();
      const field = fieldKeys[key];
      const pressed = field === undefined ? buttons[key] : `.properties [data-field="${field}"]`;
      if (pressed === undefined || event.defaultPrevented || isTyping(event)) return;
      // Something else is open over the issue.
      if (document.querySelector("[role=dialog]:not(.issue-panel)") !== null) return;
      if (!press(pressed)) {
        if (isDrawn.current) return;
        early.current = pressed;
      }
      event.preventDefault();
      event.stopPropagation();
    };
    const onPointer = () => {
      early.current = null;
    };
    document.addEventListener("keydown", onKey, { capture: true });
    document.addEventListener("pointerdown", onPointer, { capture: true });
    return () => {
      document.removeEventListener("keydown", onKey, { capture: true });
      document.removeEventListener("pointerdown", onPointer, { capture: true });
    };
  }, []);
  return useCallback(() => {
    isDrawn.current = true;
    if (early.current !== null) press(early.current);
    early.current = null;
  }, []);
}

/** False where there is no such button. */
function press(selector: string): boolean {
  const button = document.querySelector<HTMLElement>(selector);
  button?.focus();
  button?.click();
  return button !== null;
}
