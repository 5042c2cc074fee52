import { useEffect, useState, type RefObject } from "react";

/** Lists with no more rows than this render them all. */
const fewRows = 100;
/** How many rows of a longer list are rendered: more than three screens of a phone. */
const span = 80;
/** The height of a row before one is measured. */
const usualHeight = 28;

export type NearRows = {
  /** The rendered rows; `to` is excluded. */
  readonly from: number;
  readonly to: number;
  /** The space of the rows before and after them, in pixels. */
  readonly before: number;
  readonly after: number;
  /** To be called when the list is scrolled. */
  readonly onScroll: () => void;
};

/**
 * Which rows of a scrolling list are rendered: all of a few; of many, such as a label list of 2,000, those around what is in sight. Rows must be of one height.
 * `current`: a row that must be rendered whenever it or `shown`, what the list shows, changes.
 */
export function useNearRows(
  list: RefObject<HTMLElement | null>,
  count: number,
  current: number,
  shown: string,
): NearRows {
  const around = (row: number) => Math.max(0, row - span / 2);
  const [start, setStart] = useState(() => around(current));
  const [height, setHeight] = useState(usualHeight);
  const [last, setLast] = useState({ current, shown });
  if (last.current !== current || last.shown !== shown) {
    setLast({ current, shown });
    if (current < start || current >= start + span) setStart(around(current));
  }
  const isLong = count > fewRows;
  const from = isLong ? Math.min(start, count - span) : 0;
  const to = isLong ? from + span : count;

  useEffect(() => {
    const element = list.current;
    if (element === null || !isLong) return undefined;
    const observer = new ResizeObserver(() => {
      const measured = element.querySelector<HTMLElement>("[role=option]")?.offsetHeight ?? 0;
      if (measured > 0) setHeight(measured);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, isLong]);

  return {
    from,
    to,
    before: from * height,
    after: (count - to) * height,
    onScroll: () => {
      if (list.current === null || !isLong) return;
      const { scrollTop, clientHeight } = list.current;
      const first = Math.floor(scrollTop / height);
      const beyond = Math.ceil((scrollTop + clientHeight) / height);
      if ((first < from && from > 0) || (beyond > to && to < count)) setStart(around(Math.round((first + beyond) / 2)));
    },
  };
}
