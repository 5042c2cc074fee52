import { useCallback, useEffect, useRef } from "react";
import { useNoticeStore } from "../changes/changes-provider.tsx";
import { isFocusNowhere } from "../ui/nowhere.ts";
import { cardKey, placeOf, type BoardData } from "./data/board-data.ts";
import { focusable } from "./focus-place.ts";

/** How long after an undo a returning card may take the focus. */
const undoMs = 3000;

/**
 * When the focused card leaves its column, focuses the card that took its place, or the card itself if its move was undone. Returns a function that names a
 * card about to move, so that the focus follows it.
 */
export function useKeptFocus(
  board: BoardData | undefined,
  activeKey: string | null,
  enabled: boolean,
  focusCard: (key: string) => void,
): (key: string | null) => void {
  const notices = useNoticeStore();
  const before = useRef<{ board: BoardData; focused: boolean } | null>(null);
  const followed = useRef<string | null>(null);
  useEffect(() => {
    const last = before.current;
    const changed = board !== undefined && last !== null && last.board !== board;
    const follow = changed ? followed.current : null;
    if (changed) followed.current = null;
    if (follow !== null && board !== undefined && placeOf(board, follow) !== null) focusCard(follow);
    const focused = document.activeElement instanceof HTMLElement && document.activeElement.matches(focusable);
    if (enabled && changed && last?.focused && !focused && activeKey !== null && follow === null) {
      const place = placeOf(last.board, activeKey);
      const column = board?.columns.find(({ group }) => group === place?.group);
      const { undoneAt } = notices.get();
      const undone = undoneAt !== null && performance.now() - undoneAt < undoMs;
      const heir =
        column?.issues[Math.min(place?.index ?? 0, column.issues.length - 1)] ?? board?.columns[0]?.issues[0];
      const heirKey = undone && board && placeOf(board, activeKey) !== null ? activeKey : heir && cardKey(heir);
      if (heirKey !== undefined && isFocusNowhere()) focusCard(heirKey);
    }
    before.current = board === undefined ? null : { board, focused: focused || follow !== null };
  });
  return useCallback((key) => {
    followed.current = key;
  }, []);
}
