import { elementBelow } from "./drag-preview.ts";

const edge = 56;
const fastest = 18;

/** How far to scroll in this frame: the nearer to an edge, the faster; 0 in the middle. */
function step(position: number, start: number, end: number): number {
  if (position < start + edge) return -Math.ceil((fastest * Math.min(edge, start + edge - position)) / edge);
  if (position > end - edge) return Math.ceil((fastest * Math.min(edge, position - end + edge)) / edge);
  return 0;
}

/** Scrolls the board sideways, and the column below the pointer up and down, while something is held near their edges. */
export function autoScroll(board: HTMLElement, x: number, y: number): void {
  const frame = board.getBoundingClientRect();
  if (board.scrollWidth > board.clientWidth) board.scrollLeft += step(x, frame.left, frame.right);
  const column = elementBelow(x, y)?.closest(".column-body");
  if (column == null || column.scrollHeight <= column.clientHeight) return;
  const box = column.getBoundingClientRect();
  column.scrollTop += step(y, box.top, box.bottom);
}
