/** Indexes of a board's columns; `to` is included. */
export type Range = { readonly from: number; readonly to: number };

/** The columns that are at least partly between two positions, in pixels from the start of the board. */
export function columnsBetween(board: HTMLElement, left: number, right: number): Range {
  const columns = board.children;
  const startOf = (index: number) => {
    const column = columns[index];
    return column instanceof HTMLElement ? column.offsetLeft : Number.POSITIVE_INFINITY;
  };
  /** The first column that starts after a position. */
  const firstAfter = (position: number) => {
    let [low, high] = [0, columns.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (startOf(middle) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return { from: Math.max(0, firstAfter(left) - 1), to: firstAfter(right) - 1 };
}
