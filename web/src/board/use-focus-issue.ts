import { useEffect } from "react";
import { isCardInSight } from "./focus-place.ts";
import { cardAfter, useSeat } from "./open-seat.ts";
import type { WorkLayoutProps } from "./work-layout.ts";

/** Tells the page where to put the focus when the issue over the board or list is closed. */
export function useFocusIssue(
  { board, openAddress, onFocusIssue }: Pick<WorkLayoutProps, "board" | "openAddress" | "onFocusIssue">,
  focusCard: (key: string) => void,
): void {
  const seat = useSeat(board, openAddress);
  useEffect(() => {
    onFocusIssue((address) => {
      const key = cardAfter(board, address, seat, isCardInSight);
      if (key !== undefined) focusCard(key);
    });
    return () => onFocusIssue(null);
  }, [board, seat, focusCard, onFocusIssue]);
}
