import { useEffect, useRef } from "react";
import { isTyping } from "../shell/shortcuts.ts";

type ListKeys = {
  /** The issues' keys, top to bottom. */
  readonly keys: readonly string[];
  /** The one that has, or last had, the focus. */
  readonly activeKey: string | null;
  readonly enabled: boolean;
  readonly hasSelection: boolean;
  readonly focusRow: (key: string) => void;
  readonly onSelect: (key: string) => void;
  readonly onExtend: (key: string) => void;
  readonly onClear: () => void;
};

/** Arrows and J K between the rows, X selects, ⇧ and an arrow selects on, Escape clears the selection. */
export function useListKeys(list: ListKeys): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const { enabled } = list;
  useEffect(() => {
    if (!enabled) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const { keys, activeKey, hasSelection, focusRow, onSelect, onExtend, onClear } = latest.current;
      if (event.defaultPrevented || isTyping(event) || document.querySelector("[role=dialog]") !== null) return;
      if (event.key === "Escape" && hasSelection) {
        event.preventDefault();
        onClear();
        return;
      }
      const onRow = event.target instanceof Element && event.target.closest(".list-row") !== null;
      if (!onRow && document.activeElement !== document.body) return;
      const at = activeKey === null ? -1 : keys.indexOf(activeKey);
      const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
      const current = keys[at];
      if (step !== undefined) {
        event.preventDefault();
        const next = keys[at < 0 ? 0 : at + step];
        if (next === undefined) return;
        if (event.shiftKey && current !== undefined) {
          onExtend(current);
          onExtend(next);
        }
        focusRow(next);
      } else if ((event.key === "x" || event.key === "X") && onRow && current !== undefined) {
        event.preventDefault();
        onSelect(current);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [enabled]);
}
