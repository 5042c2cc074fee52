import { useCallback, useEffect, useRef, type RefObject } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { isTyping } from "../shell/shortcuts.ts";
import { isFocusNowhere } from "../ui/nowhere.ts";
import { cardKey, fromTop, placeOf, type BoardData } from "./data/board-data.ts";
import type { ColumnHandle } from "./column/column-handle.ts";

const directions: Record<string, "left" | "right" | "up" | "down"> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  h: "left",
  l: "right",
  k: "up",
  j: "down",
};

export type ColumnHandles = RefObject<Map<string, ColumnHandle>>;

function cardElement(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.card[data-key="${CSS.escape(key)}"]`);
}

function columnElement(group: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.column[data-group="${CSS.escape(group)}"]`);
}

function keyOf(issue: IssueShape | undefined): string | undefined {
  return issue === undefined ? undefined : cardKey(issue);
}

/** The loaded card of a column nearest to a vertical position on the screen. */
function nearestCard(group: string, middle: number): string | undefined {
  const body = document.querySelector(`[data-column="${CSS.escape(group)}"]`);
  const frame = body?.getBoundingClientRect();
  if (!body || !frame) return undefined;
  let best: { key: string | undefined; distance: number } | undefined;
  for (const card of body.querySelectorAll<HTMLElement>(".card[data-key]")) {
    const box = card.getBoundingClientRect();
    if (box.bottom < frame.top || box.top > frame.bottom) continue;
    const distance = Math.abs((box.top + box.bottom) / 2 - middle);
    if (best === undefined || distance < best.distance) best = { key: card.dataset["key"], distance };
  }
  return best?.key;
}

/**
 * Arrow keys and HJKL between cards. Returns a function that focuses a card and scrolls it into view.
 * `activeKey`: the card that has, or last had, the focus.
 */
export function useBoardKeys(
  board: BoardData | undefined,
  shown: readonly string[],
  handles: ColumnHandles,
  activeKey: string | null,
  enabled: boolean,
): (key: string) => void {
  const pending = useRef<number>(0);
  /** The last loaded card of a column when the user stepped past it: the step follows once the next window arrives. */
  const waiting = useRef<string | null>(null);
  /** The column the user stepped to before its cards were loaded, and from which card. */
  const awaited = useRef<{ readonly group: string; readonly from: string } | null>(null);

  const focusCard = useCallback(
    (key: string) => {
      if (board === undefined) return;
      const place = placeOf(board, key);
      if (place === null) return;
      const handle = handles.current.get(place.group);
      // A column far away has no cards until it is in sight.
      if (handle === undefined) columnElement(place.group)?.scrollIntoView({ block: "nearest", inline: "nearest" });
      handle?.reveal(place.index);
      cancelAnimationFrame(pending.current);
      // The card may not be rendered yet.
      let attempts = 0;
      const tryFocus = () => {
        const element = cardElement(key);
        if (element === null && attempts++ < 20) pending.current = requestAnimationFrame(tryFocus);
        else element?.focus({ preventScroll: true });
        if (element !== null) element.closest(".column")?.scrollIntoView({ block: "nearest", inline: "nearest" });
      };
      tryFocus();
    },
    [board, handles],
  );

  useEffect(() => {
    if (!enabled || board === undefined) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const direction = directions[event.key];
      if (direction === undefined || event.defaultPrevented || isTyping(event)) return;
      const onCard = event.target instanceof HTMLElement && event.target.closest(".card") !== null;
      const nowhere = isFocusNowhere();
      if (!onCard && !nowhere && event.key.startsWith("Arrow")) return;
      const columns = shown.flatMap((group) => board.columns.filter((column) => column.group === group));
      const place = activeKey === null ? null : placeOf(board, activeKey);
      let target: string | undefined;
      waiting.current = null;
      awaited.current = null;
      if (place === null || activeKey === null || (!onCard && nowhere && cardElement(activeKey) === null)) {
        target = keyOf(columns.find((column) => column.issues.length > 0)?.issues[0]);
      } else if (direction === "up" || direction === "down") {
        const column = columns.find(({ group }) => group === place.group);
        target = keyOf(column?.issues[place.index + (direction === "down" ? 1 : -1)]);
        if (target === undefined && direction === "down" && column?.cursor != null) waiting.current = activeKey;
      } else {
        const box = cardElement(activeKey)?.getBoundingClientRect();
        const middle = box === undefined ? 0 : (box.top + box.bottom) / 2;
        const step = direction === "right" ? 1 : -1;
        let at = columns.findIndex(({ group }) => group === place.group) + step;
        while (target === undefined && at >= 0 && at < columns.length) {
          const column = columns[at];
          if (column !== undefined) target = nearestCard(column.group, middle) ?? keyOf(column.issues[0]);
          if (target === undefined && column?.cursor === fromTop) {
            // In sight, it is loaded.
            columnElement(column.group)?.scrollIntoView({ block: "nearest", inline: "nearest" });
            awaited.current = { group: column.group, from: activeKey };
            break;
          }
          at += step;
        }
      }
      event.preventDefault();
      if (target !== undefined) focusCard(target);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [enabled, board, shown, activeKey, focusCard]);

  useEffect(() => {
    if (waiting.current === null || board === undefined) return;
    const place = placeOf(board, waiting.current);
    const column = board.columns.find(({ group }) => group === place?.group);
    const next = place === null ? undefined : keyOf(column?.issues[place.index + 1]);
    const isThere = cardElement(waiting.current) === document.activeElement;
    if (next === undefined && isThere) return;
    waiting.current = null;
    if (next !== undefined && isThere) focusCard(next);
  }, [board, focusCard]);

  useEffect(() => {
    if (awaited.current === null || board === undefined) return;
    const { group, from } = awaited.current;
    const first = keyOf(board.columns.find((column) => column.group === group)?.issues[0]);
    if (first === undefined) return;
    awaited.current = null;
    if (cardElement(from) === document.activeElement) focusCard(first);
  }, [board, focusCard]);

  return focusCard;
}
