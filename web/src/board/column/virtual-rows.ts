import { elementScroll, type Rect, type Virtualizer, type VirtualizerOptions } from "@tanstack/react-virtual";

type Options = VirtualizerOptions<HTMLElement, HTMLElement>;

/**
 * How a column's virtualizer learns about sizes: from the browser, once it has laid the page out. Read in between, each size would make it lay out the page that
 * very moment, and again for what is drawn next. The rows stand in the flow of the page, so each is in its place before its height is known.
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
    // A column that has just been drawn is at its start.
    if (offset === 0 && virtualizer.scrollOffset === 0 && (options.adjustments ?? 0) === 0) return;
    elementScroll(offset, options, virtualizer);
  },
};

/** With its padding, as the virtualizer counts it. */
function toRect({ target }: ResizeObserverEntry): Rect {
  return { width: target.clientWidth, height: target.clientHeight };
}

function knownSize(row: HTMLElement, virtualizer: Virtualizer<HTMLElement, HTMLElement>): number {
  const index = virtualizer.indexFromElement(row);
  return (
    virtualizer.itemSizeCache.get(virtualizer.options.getItemKey(index)) ?? virtualizer.options.estimateSize(index)
  );
}
