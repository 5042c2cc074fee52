import { elementBelow } from "./drag-preview.ts";

const edge = 56;
const fastest = 18;
/** How long the pointer must rest at the edge of a one-column board before it scrolls to the next column. */
const dwellMs = 400;
/** Pause between steps, so that the step ends and the user sees the column. */
const betweenStepsMs = 900;

/** Pixels to scroll in this frame: faster near the edge; 0 in the middle. */
function step(position: number, start: number, end: number): number {
  if (position < start + edge) return -Math.ceil((fastest * Math.min(edge, start + edge - position)) / edge);
  if (position > end - edge) return Math.ceil((fastest * Math.min(edge, position - end + edge)) / edge);
  return 0;
}

/** Called every frame during a drag with the board and the pointer's position. */
export type AutoScroll = (board: HTMLElement, x: number, y: number) => void;

/**
 * Scrolls the board sideways, and the column under the pointer vertically, while a card is dragged near their edges. A board with scroll snapping moves by
 * whole columns.
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

/** Distance between the starts of adjacent columns, in pixels. */
function columnStep(board: HTMLElement): number {
  const [first, second] = board.querySelectorAll(".column");
  if (first === undefined || second === undefined) return board.clientWidth;
  return second.getBoundingClientRect().left - first.getBoundingClientRect().left;
}
