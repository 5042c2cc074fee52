import "./drag.css";

/** The image of a card that follows the pointer, on a surface that covers the page during the drag. Moved without React, because a frame must not wait for a render. */
export type DragPreview = { readonly moveTo: (x: number, y: number) => void; readonly remove: () => void };

const surfaceClass = "drag-surface";

/** Copies `card`, which was grabbed at `x`, `y`; `count` is the number of issues dragged. */
export function createDragPreview(card: HTMLElement, x: number, y: number, count: number): DragPreview {
  const box = card.getBoundingClientRect();
  const holder = document.createElement("div");
  holder.className = "drag-preview";
  holder.ariaHidden = "true";
  holder.inert = true;
  holder.style.width = `${box.width}px`;
  const copy = card.cloneNode(true);
  if (copy instanceof HTMLElement) {
    for (const name of ["data-key", "data-ref", "id", "href"]) copy.removeAttribute(name);
  }
  holder.append(copy);
  if (count > 1) {
    const badge = document.createElement("span");
    badge.className = "drag-count";
    badge.textContent = String(count);
    holder.append(badge);
    holder.dataset["many"] = "";
  }
  const moveTo = (toX: number, toY: number) => {
    holder.style.translate = `${box.left + toX - x}px ${box.top + toY - y}px`;
  };
  moveTo(x, y);
  const surface = document.createElement("div");
  surface.className = surfaceClass;
  surface.append(holder);
  surface.addEventListener("wheel", scrollBelow, { passive: true });
  document.body.append(surface);
  return { moveTo, remove: () => surface.remove() };
}

/** The page's element at a point, beneath the dragged card. */
export function elementBelow(x: number, y: number): Element | undefined {
  return document.elementsFromPoint(x, y).find((element) => element.className !== surfaceClass);
}

/** The surface forwards wheel events to whatever is beneath it. */
function scrollBelow({ clientX, clientY, deltaX, deltaY }: WheelEvent): void {
  const below = elementBelow(clientX, clientY);
  below?.closest(".column-body")?.scrollBy(0, deltaY);
  below?.closest(".board")?.scrollBy(deltaX, 0);
}
