import { useEffect, useState, type RefObject } from "react";
import { columnsBetween, type Range } from "./columns-between.ts";

/** Boards with no more columns than this render them all. */
const fewColumns = 12;

/**
 * Which of a board's columns, by index, are rendered with their cards: all of a few; of many, such as one per person, those in sight and within a screen's width
 * beside it. `board`: the element whose children are the columns.
 */
export function useNearColumns(board: RefObject<HTMLElement | null>, count: number): (index: number) => boolean {
  const [{ from, to }, setRange] = useState<Range>({ from: 0, to: fewColumns - 1 });
  const isWide = count > fewColumns;
  useEffect(() => {
    const root = board.current;
    if (root === null || !isWide) return undefined;
    let frame = 0;
    const look = () => {
      frame = 0;
      const range = columnsBetween(root, root.scrollLeft - root.clientWidth, root.scrollLeft + 2 * root.clientWidth);
      setRange((before) => (before.from === range.from && before.to === range.to ? before : range));
    };
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    look();
    root.addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(frame);
      root.removeEventListener("scroll", soon);
      removeEventListener("resize", soon);
    };
  }, [board, isWide, count]);
  return (index) => !isWide || (index >= from && index <= to);
}
