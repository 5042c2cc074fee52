import { useCallback, useContext, useEffect, useRef, useState, type PointerEvent as ReactPointerEvent } from "react";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { afterPaint } from "../../api/after-paint.ts";
import { subjectOf } from "../../changes/use-issue-changes.ts";
import { LiveContext } from "../../live/live-store.ts";
import { cardKey } from "../data/board-data.ts";
import type { DropSpot } from "./drop-spot.ts";
import { followPointer } from "./pointer-drag.ts";

const upAndDown: ReadonlyMap<string, 1 | -1> = new Map([
  ["ArrowUp", -1],
  ["k", -1],
  ["ArrowDown", 1],
  ["j", 1],
]);

/** Cards being dragged. */
export type Drag = {
  readonly issues: readonly IssueShape[];
  readonly keys: ReadonlySet<string>;
  /** The drop target under them; null: none. */
  readonly over: DropSpot | null;
};

type DragParts = {
  /** The issues dragged with a card: the selection if the card is in it, otherwise the card alone. */
  readonly issuesWith: (key: string) => readonly IssueShape[];
  readonly shown: readonly string[];
  readonly labelOf: (group: string) => string;
  /** Whether cards have a manual order within their column. */
  readonly byPlace: boolean;
  /** The current position of a card. */
  readonly spotOf: (key: string) => DropSpot | null;
  /** The position in a column for cards that arrive from another column by keyboard. */
  readonly spotIn: (group: string) => DropSpot;
  /** The next position up or down; null: none. */
  readonly stepFrom: (spot: DropSpot, held: ReadonlySet<string>, step: 1 | -1) => DropSpot | null;
  /** Describes a position. */
  readonly wordsFor: (spot: DropSpot) => string;
  readonly onDrop: (issues: readonly IssueShape[], spot: DropSpot) => void;
  readonly announce: (words: string) => void;
};

/** Drags cards between columns, and within one in manual order, by mouse, touch and keyboard. */
export function useDrag(parts: DragParts) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const latest = useRef(parts);
  useEffect(() => {
    latest.current = parts;
  });
  const { hold } = useContext(LiveContext);
  const held = useRef<Drag | null>(null);
  const byKeyboard = useRef(false);

  const isHeld = drag !== null;
  useEffect(() => {
    if (!isHeld) return undefined;
    const release = hold.take();
    return () => afterPaint(release);
  }, [isHeld, hold]);

  const set = useCallback((next: Drag | null) => {
    held.current = next;
    setDrag(next);
  }, []);

  const start = useCallback(
    (key: string, over: DropSpot | null): number => {
      const issues = latest.current.issuesWith(key);
      if (issues.length > 0) set({ issues, keys: new Set(issues.map(cardKey)), over });
      return issues.length;
    },
    [set],
  );
  const moveOver = useCallback(
    (over: DropSpot | null) => {
      if (held.current !== null) set({ ...held.current, over });
    },
    [set],
  );
  const drop = useCallback(
    (spot: DropSpot) => {
      const issues = held.current?.issues ?? [];
      latest.current.onDrop(issues, spot);
      byKeyboard.current = false;
      set(null);
    },
    [set],
  );
  const cancel = useCallback(() => {
    if (held.current !== null) latest.current.announce("Move canceled.");
    byKeyboard.current = false;
    set(null);
  }, [set]);

  const onPointerDown = useCallback(
    (event: ReactPointerEvent<HTMLElement>) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
      if (held.current !== null || !(event.target instanceof Element)) return;
      if (event.target.closest("button") !== null) return;
      const card = event.target.closest<HTMLElement>(".card-box")?.querySelector<HTMLElement>(".card[data-key]");
      if (card == null) return;
      followPointer(event.nativeEvent, event.currentTarget, card, {
        byPlace: latest.current.byPlace,
        onStart: (key) => start(key, null),
        onOver: moveOver,
        onDrop: drop,
        onCancel: cancel,
      });
    },
    [start, moveOver, drop, cancel],
  );

  /** Picks up a card by keyboard; the arrow keys then choose the target. */
  const pickUp = useCallback(
    (key: string) => {
      if (start(key, latest.current.spotOf(key)) === 0) return;
      byKeyboard.current = true;
      latest.current.announce(
        `${subjectOf(held.current?.issues ?? [])} picked up. Press left and right to choose a column${latest.current.byPlace ? ", up and down to choose a place" : ""}, Space to drop, Escape to cancel.`,
      );
    },
    [start],
  );

  useEffect(() => {
    if (drag === null || !byKeyboard.current) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, h: -1, l: 1 }[event.key];
      const upOrDown = upAndDown.get(event.key);
      const columns = latest.current.shown;
      const at = columns.findIndex((group) => group === drag.over?.group);
      if (step !== undefined) {
        const next = columns[at + step];
        if (next !== undefined) {
          moveOver(latest.current.spotIn(next));
          latest.current.announce(latest.current.labelOf(next));
          document
            .querySelector(`[data-drop-group="${CSS.escape(next)}"]`)
            ?.scrollIntoView({ block: "nearest", inline: "nearest" });
        }
      } else if (upOrDown !== undefined && latest.current.byPlace && drag.over !== null) {
        const next = latest.current.stepFrom(drag.over, drag.keys, upOrDown);
        if (next !== null) {
          moveOver(next);
          latest.current.announce(latest.current.wordsFor(next));
        }
      } else if ((event.key === " " || event.key === "Enter") && drag.over !== null) {
        drop(drag.over);
      } else if (event.key === "Escape" || event.key === "Tab") {
        cancel();
        if (event.key === "Tab") return;
      } else if (event.key.length > 1 && !event.key.startsWith("Arrow")) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", onKey, { capture: true });
    // A click elsewhere also cancels.
    document.addEventListener("pointerdown", cancel);
    return () => {
      document.removeEventListener("keydown", onKey, { capture: true });
      document.removeEventListener("pointerdown", cancel);
    };
  }, [drag, moveOver, drop, cancel]);

  return { drag, onPointerDown, pickUp };
}
