import { useEffect } from "react";
import { fieldKeys } from "../fields/field-name.ts";
import { isTyping } from "../shell/shortcuts.ts";

/** S, P, L and I open the issue's own properties, A starts an agent on it, where it is alone or in its panel. */
export function usePropertyKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      const field = fieldKeys[key];
      if ((field === undefined && key !== "a") || event.defaultPrevented || isTyping(event)) return;
      // Something else is open over the issue.
      if (document.querySelector("[role=dialog]:not(.issue-panel)") !== null) return;
      const button = document.querySelector<HTMLElement>(
        field === undefined ? "[data-start-agent]" : `.properties [data-field="${field}"]`,
      );
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
