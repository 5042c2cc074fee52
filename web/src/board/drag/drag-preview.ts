/** The picture of a card that follows the pointer. It is moved without React: a frame must not wait for a render. */
export type DragPreview = { readonly moveTo: (x: number, y: number) => void; readonly remove: () => void };

/** Copies `card`, which was taken hold of at `x`, `y`; `count` issues go with it. */
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
  document.body.append(holder);
  return { moveTo, remove: () => holder.remove() };
}
