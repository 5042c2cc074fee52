import { useCallback, useEffect, useRef } from "react";
import { useChanges } from "../changes/changes-provider.tsx";
import { fieldKeys } from "../fields/field-name.ts";
import { createAfterG } from "../shell/after-g.ts";
import { isTyping } from "../shell/shortcuts.ts";

/** The buttons behind the other keys. */
const buttons: Readonly<Record<string, string>> = { a: "[data-start-agent]", e: ".workspace [data-open-editor]" };

/**
 * Shortcuts of the open issue, on its page or in the panel: S, P, L and I open its properties, A starts an agent, E opens its workspace in the editor. Returns
 * a function to call when more of the issue is rendered, which presses a button whose key came earlier; with `all` one that is still missing is given up.
 */
export function usePropertyKeys(issueRef: string): (all: boolean) => void {
  const { say } = useChanges();
  /** The button of the last key if it is not rendered yet; null: everything is rendered, or no key was pressed. */
  const early = useRef<string | null>(null);
  const isDrawn = useRef(false);
  /** Returns true if the button was pressed, or a message says why there is none. */
  const press = useCallback(
    (selector: string): boolean => {
      const button = document.querySelector<HTMLElement>(`${selector}:not(:disabled)`);
      button?.focus();
      button?.click();
      if (button !== null) return true;
      if (!isDrawn.current || selector !== buttons["e"]) return false;
      say(`${issueRef} has no workspace yet`);
      return true;
    },
    [issueRef, say],
  );
  useEffect(() => {
    const isAfterG = createAfterG();
    const onKey = (event: KeyboardEvent) => {
      early.current = null;
      // The panel has no “go to” shortcuts.
      if (isAfterG(event) && document.querySelector(".issue-panel") === null) return;
      const key = event.key.toLowerCase();
      const field = fieldKeys[key];
      const pressed = field === undefined ? buttons[key] : `.properties [data-field="${field}"]`;
      if (pressed === undefined || event.defaultPrevented || isTyping(event)) return;
      // Another dialog is open over the issue.
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
  }, [press]);
  return useCallback(
    (all) => {
      isDrawn.current = all;
      if (early.current !== null && (press(early.current) || all)) early.current = null;
    },
    [press],
  );
}
