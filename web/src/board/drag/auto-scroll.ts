import { elementBelow } from "./drag-preview.ts";

const edge = 56;
const fastest = 18;
/** How long something rests at the edge of a board that shows one column before it goes on to the next. */
const dwellMs = 400;
/** A step is over, and the next column has been seen, before there is another. */
const betweenStepsMs = 900;

/** How far to scroll in this frame: the nearer to an edge, the faster; 0 in the middle. */
function step(position: number, start: number, end: number): number {
  if (position < start + edge) return -Math.ceil((fastest * Math.min(edge, start + edge - position)) / edge);
  if (position > end - edge) return Math.ceil((fastest * Math.min(edge, position - end + edge)) / edge);
  return 0;
}

/** Scrolls while something is held: called in every frame with the board and where the pointer is. */
export type AutoScroll = (board: HTMLElement, x: number, y: number) => void;

/**
 * Scrolls the board sideways, and the column below the pointer up and down, while something is held near their edges. A board that snaps to its columns goes on
 * by a whole one at a time.
 */
export function createAutoScroll(): AutoScroll {
  let side = 0;
  let stepAt = 0;

  const stepSideways = (board: HTMLElement, toSide: number) => {
    const now = performance.now();
    if (toSide !== side) {
      side = toSide;
      stepAt = now + dwellMs;
    }
    if (side === 0 || now < stepAt) return;
    stepAt = now + betweenStepsMs;
    board.scrollBy({ left: side * columnStep(board), behavior: "smooth" });
  };

  return (board, x, y) => {
    const frame = board.getBoundingClientRect();
    if (board.scrollWidth > board.clientWidth) {
      const by = step(x, frame.left, frame.right);
      if (getComputedStyle(board).scrollSnapType === "none") board.scrollLeft += by;
      else stepSideways(board, Math.sign(by));
    }
    const column = elementBelow(x, y)?.closest(".column-body");
    if (column == null || column.scrollHeight <= column.clientHeight) return;
    const box = column.getBoundingClientRect();
    column.scrollTop += step(y, box.top, box.bottom);
  };
}

/** From the beginning of one column to that of the next, in pixels. */
function columnStep(board: HTMLElement): number {
  const [first, second] = board.querySelectorAll(".column");
  if (first === undefined || second === undefined) return board.clientWidth;
  return second.getBoundingClientRect().left - first.getBoundingClientRect().left;
}
