import { useEffect, useRef } from "react";
import { stepOfKey } from "../board/placing/place-steps.ts";
import { isTyping } from "../shell/shortcuts.ts";
import { isFocusNowhere } from "../ui/nowhere.ts";

type ListKeys = {
  /** The issues' keys, top to bottom; null where a group has unloaded issues. */
  readonly keys: readonly (string | null)[];
  /** The row that has, or last had, the focus. */
  readonly activeKey: string | null;
  readonly enabled: boolean;
  readonly hasSelection: boolean;
  readonly focusRow: (key: string) => void;
  readonly onSelect: (key: string) => void;
  readonly onExtend: (key: string) => void;
  /** Moves the issue one place up or down; null: rows have no manual order. */
  readonly onPlace: ((key: string, step: 1 | -1) => void) | null;
  readonly onClear: () => void;
};

/** Keys of the list: arrows and J K move, X selects, ⇧ and an arrow extends the selection, ⌥ and an arrow changes the place, Escape clears the selection. */
export function useListKeys(list: ListKeys): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const { enabled, keys: known, focusRow: focus } = list;
  /** The last loaded row of its group when the user stepped past it: the step follows once more rows arrive. */
  const waiting = useRef<string | null>(null);
  useEffect(() => {
    if (!enabled) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const { keys, activeKey, hasSelection, focusRow, onSelect, onExtend, onPlace, onClear } = latest.current;
      if (event.defaultPrevented || document.querySelector("[role=dialog]") !== null) return;
      const place = stepOfKey(event);
      if (place !== null && onPlace !== null) {
        const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-row]") : null;
        const key = row?.dataset["row"];
        if (key === undefined) return;
        event.preventDefault();
        onPlace(key, place);
        return;
      }
      if (isTyping(event)) return;
      if (event.key === "Escape" && hasSelection) {
        event.preventDefault();
        onClear();
        return;
      }
      const onRow = event.target instanceof Element && event.target.closest(".list-row") !== null;
      if (!onRow && !isFocusNowhere()) return;
      waiting.current = null;
      const at = activeKey === null ? -1 : keys.indexOf(activeKey);
      const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
      const current = keys[at];
      if (step !== undefined) {
        event.preventDefault();
        let next = keys[at < 0 ? 0 : at + step];
        if (next === null && step === 1) waiting.current = activeKey;
        // What a group has below its loaded issues is reached from above.
        else if (next === null) next = keys[at + 2 * step];
        if (next == null) return;
        if (event.shiftKey && current != null) {
          onExtend(current);
          onExtend(next);
        }
        focusRow(next);
      } else if ((event.key === "x" || event.key === "X") && onRow && current != null) {
        event.preventDefault();
        onSelect(current);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [enabled]);
  useEffect(() => {
    const from = waiting.current;
    if (from === null) return;
    const at = known.indexOf(from);
    const next = at < 0 ? undefined : known[at + 1];
    const isThere = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset["row"] === from;
    if (next === null && isThere) return;
    waiting.current = null;
    if (next != null && isThere) focus(next);
  }, [known, focus]);
}
