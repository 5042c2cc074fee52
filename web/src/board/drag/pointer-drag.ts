import { createAutoScroll } from "./auto-scroll.ts";
import { createDragPreview, type DragPreview } from "./drag-preview.ts";
import { spotAt, type DropSpot } from "./drop-spot.ts";

/** A mouse that moves less than this is a click. */
const clickPx = 4;
/** Resting a finger this long starts a drag; moving it further than `restPx` before then scrolls. */
const longPressMs = 350;
const restPx = 8;

export type PointerDragParts = {
  /** Starts a drag and returns how many issues are dragged; 0: the card cannot be dragged. */
  readonly onStart: (key: string) => number;
  /** Whether cards have a manual order within their column. */
  readonly byPlace: boolean;
  /** The drop target under the pointer; null: none. */
  readonly onOver: (spot: DropSpot | null) => void;
  readonly onDrop: (spot: DropSpot) => void;
  readonly onCancel: () => void;
};

/** The click after releasing the pointer is part of the drag. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  // No click follows if the pointer was released over another element.
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
}

/**
 * Follows a pointer pressed on a card until it is released or the drag is canceled (Escape, a lost pointer, another window). The mouse starts dragging when it
 * moves, touch and pen after a long press.
 */
export function followPointer(
  down: PointerEvent,
  board: HTMLElement,
  card: HTMLElement,
  parts: PointerDragParts,
): void {
  const { pointerId, pointerType, clientX: startX, clientY: startY } = down;
  const key = card.dataset["key"];
  if (key === undefined) return;
  const byTouch = pointerType !== "mouse";
  const listening = new AbortController();
  const { signal } = listening;
  let preview: DragPreview | null = null;
  let x = startX;
  let y = startY;
  let over: DropSpot | null = null;
  let frame = 0;
  let pressTimer: ReturnType<typeof setTimeout> | undefined;

  const autoScroll = createAutoScroll();
  const look = () => {
    frame = requestAnimationFrame(look);
    preview?.moveTo(x, y);
    autoScroll(board, x, y);
    const now = spotAt(x, y, parts.byPlace, over);
    if (now?.group === over?.group && now?.next === over?.next) return;
    over = now;
    parts.onOver(over);
  };
  const begin = () => {
    const count = parts.onStart(key);
    if (count === 0) {
      end();
      return;
    }
    preview = createDragPreview(card, startX, startY, count);
    if (byTouch) navigator.vibrate?.(10);
    look();
  };
  const end = () => {
    clearTimeout(pressTimer);
    cancelAnimationFrame(frame);
    listening.abort();
    preview?.remove();
    preview = null;
  };
  const cancel = () => {
    const began = preview !== null;
    end();
    if (began) parts.onCancel();
  };

  if (byTouch) pressTimer = setTimeout(begin, longPressMs);
  addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerId !== pointerId) return;
      x = event.clientX;
      y = event.clientY;
      if (preview !== null) return;
      const far = Math.hypot(x - startX, y - startY);
      if (byTouch && far > restPx) end();
      else if (!byTouch && far > clickPx) begin();
    },
    { signal },
  );
  addEventListener(
    "pointerup",
    (event) => {
      if (event.pointerId !== pointerId) return;
      const began = preview !== null;
      const target = began ? spotAt(event.clientX, event.clientY, parts.byPlace, over) : null;
      end();
      if (!began) return;
      swallowClick();
      if (target === null) parts.onCancel();
      else parts.onDrop(target);
    },
    { signal },
  );
  addEventListener("pointercancel", cancel, { signal });
  addEventListener("blur", cancel, { signal });
  // Prevent the browser's context menu on a long press, and scrolling by touch.
  addEventListener("contextmenu", (event) => byTouch && event.preventDefault(), { signal });
  addEventListener("touchmove", (event) => preview !== null && event.cancelable && event.preventDefault(), {
    signal,
    passive: false,
  });
  addEventListener(
    "keydown",
    (event) => {
      if (preview === null || event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      cancel();
    },
    { signal, capture: true },
  );
}
