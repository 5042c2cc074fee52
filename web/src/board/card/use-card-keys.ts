import { useEffect, useRef } from "react";
import { isTyping } from "../../shell/shortcuts.ts";
import { stepOfKey } from "../placing/place-steps.ts";
import { cardKey, placeOf, type BoardData } from "../data/board-data.ts";

type CardKeys = {
  readonly board: BoardData | undefined;
  /** The open columns, in order. */
  readonly shown: readonly string[];
  readonly enabled: boolean;
  readonly hasSelection: boolean;
  readonly pickUp: (key: string) => void;
  readonly onMove: (key: string, group: string) => void;
  /** Moves the card one place up or down; null: cards have no manual order. */
  readonly onPlace: ((key: string, step: 1 | -1) => void) | null;
  readonly onSelect: (key: string) => void;
  /** Extends the selection to this card. */
  readonly onExtend: (key: string) => void;
  readonly onClear: () => void;
  readonly focusCard: (key: string) => void;
};

/** Keys for the focused card: X selects, ⇧← and ⇧→ move, Space picks up, ⇧↑ and ⇧↓ extend the selection, ⌥↑ and ⌥↓ change its place. */
export function useCardKeys(keys: CardKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const { enabled } = keys;
  useEffect(() => {
    if (!enabled) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const { board, shown, hasSelection, pickUp, onMove, onPlace, onSelect, onExtend, onClear, focusCard } =
        latest.current;
      const step = stepOfKey(event);
      if (
        event.defaultPrevented ||
        (isTyping(event) && step === null) ||
        document.querySelector("[role=dialog]") !== null
      )
        return;
      if (event.key === "Escape" && hasSelection) {
        event.preventDefault();
        onClear();
        return;
      }
      const card = event.target instanceof Element ? event.target.closest<HTMLElement>(".card[data-key]") : null;
      const key = card?.dataset["key"];
      if (key === undefined || board === undefined) return;
      const place = placeOf(board, key);
      if (place === null) return;
      if (step !== null) {
        if (onPlace === null) return;
        event.preventDefault();
        onPlace(key, step);
      } else if (event.key === " " && !event.shiftKey) {
        event.preventDefault();
        pickUp(key);
      } else if (event.key === "x" || event.key === "X") {
        event.preventDefault();
        onSelect(key);
      } else if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
        event.preventDefault();
        const next = shown[shown.indexOf(place.group) + (event.key === "ArrowRight" ? 1 : -1)];
        if (next !== undefined) onMove(key, next);
      } else if (event.shiftKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        const column = board.columns.find(({ group }) => group === place.group);
        const neighbour = column?.issues[place.index + (event.key === "ArrowDown" ? 1 : -1)];
        onExtend(key);
        if (neighbour === undefined) return;
        const neighbourKey = cardKey(neighbour);
        onExtend(neighbourKey);
        focusCard(neighbourKey);
      }
    };
    // Capture, to run before the plain arrow keys, which only move the focus.
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, [enabled]);
}
