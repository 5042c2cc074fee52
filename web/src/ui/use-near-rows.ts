import { useVirtualizer } from "@tanstack/react-virtual";
import type { RefObject } from "react";

/** Lists with no more rows than this render them all. */
const fewRows = 100;
/** The height of a row before it is measured, in pixels. */
const usualHeight = 28;
/** The largest height of a list, for the first pass, in pixels. */
const usualSpace = 360;
/** How many rows beyond those in sight are rendered, so that a few strokes of an arrow key need no scrolling first. */
const overscan = 20;

export type NearRows = {
  /** The rendered rows; `to` is excluded. */
  readonly from: number;
  readonly to: number;
  /** The space of the rows before and after them, in pixels. */
  readonly before: number;
  readonly after: number;
  /** For each rendered row, which has its index in `data-index`. */
  readonly measure: (row: HTMLElement | null) => void;
  readonly scrollTo: (row: number) => void;
};

/**
 * Which rows of a scrolling list are rendered: all of a few; of many, such as a label list of 2,000, those around what is in sight, at first those around
 * `start`.
 */
export function useNearRows(list: RefObject<HTMLElement | null>, count: number, start: number): NearRows {
  const isLong = count > fewRows;
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises this component
  const virtualizer = useVirtualizer({
    count,
    enabled: isLong,
    getScrollElement: () => list.current,
    estimateSize: () => usualHeight,
    overscan,
    initialRect: { width: 0, height: usualSpace },
    initialOffset: () => Math.max(0, start * usualHeight - usualSpace / 2),
  });
  const scrollTo = (row: number) => virtualizer.scrollToIndex(row, { align: "center" });
  const rows = virtualizer.getVirtualItems();
  const [first, last] = [rows[0], rows.at(-1)];
  if (!isLong || first === undefined || last === undefined) {
    return { from: 0, to: isLong ? 0 : count, before: 0, after: 0, measure: () => {}, scrollTo };
  }
  return {
    from: first.index,
    to: last.index + 1,
    before: first.start,
    after: virtualizer.getTotalSize() - last.end,
    measure: virtualizer.measureElement,
    scrollTo,
  };
}
