import { elementScroll, type Rect, type Virtualizer, type VirtualizerOptions } from "@tanstack/react-virtual";

type Options = VirtualizerOptions<HTMLElement, HTMLElement>;

/**
 * Gives a column's virtualizer sizes from ResizeObserver entries, after layout. Reading sizes earlier would force a synchronous layout each time. Rows are in
 * normal flow, so each is in its place before its height is known.
 */
export const rowSizes: Required<Pick<Options, "observeElementRect" | "measureElement" | "scrollToFn">> = {
  observeElementRect(virtualizer, tell) {
    const element = virtualizer.scrollElement;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) tell(toRect(entry));
    });
    observer.observe(element);
    return () => observer.disconnect();
  },

  measureElement(row, entry, virtualizer) {
    const size = entry?.borderBoxSize[0]?.blockSize;
    return size ?? knownSize(row, virtualizer);
  },

  scrollToFn(offset, options, virtualizer) {
    // A newly rendered column is already at its start.
    if (offset === 0 && virtualizer.scrollOffset === 0 && (options.adjustments ?? 0) === 0) return;
    elementScroll(offset, options, virtualizer);
  },
};

/** The rectangle including padding, as the virtualizer expects. */
function toRect({ target }: ResizeObserverEntry): Rect {
  return { width: target.clientWidth, height: target.clientHeight };
}

function knownSize(row: HTMLElement, virtualizer: Virtualizer<HTMLElement, HTMLElement>): number {
  const index = virtualizer.indexFromElement(row);
  return (
    virtualizer.itemSizeCache.get(virtualizer.options.getItemKey(index)) ?? virtualizer.options.estimateSize(index)
  );
}
