import { useEffect } from "react";
import { fieldKeys } from "../fields/field-name.ts";
import { isTyping } from "../shell/shortcuts.ts";

/** What the other keys press. */
const buttons: Readonly<Record<string, string>> = { a: "[data-start-agent]", e: ".workspace [data-open-editor]" };

/** S, P, L and I open the issue's own properties, A starts an agent on it, E opens its workspace in the editor, where it is alone or in its panel. */
export function usePropertyKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      const field = fieldKeys[key];
      const pressed = field === undefined ? buttons[key] : `.properties [data-field="${field}"]`;
      if (pressed === undefined || event.defaultPrevented || isTyping(event)) return;
      // Something else is open over the issue.
      if (document.querySelector("[role=dialog]:not(.issue-panel)") !== null) return;
      const button = document.querySelector<HTMLElement>(pressed);
      if (button === null) return;
      event.preventDefault();
      event.stopPropagation();
      button.focus();
      button.click();
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, []);
}
