import { elementBelow } from "./drag-preview.ts";

/** A drop target: a column, and the card to insert before; null: at the end. */
export type DropSpot = { readonly group: string; readonly next: string | null };

/**
 * The drop target at a point of the page; null: none. With `byPlace` it includes the place in the column (otherwise `next` is null); between two cards, or on
 * the placeholder, it stays at `last`.
 */
export function spotAt(x: number, y: number, byPlace: boolean, last: DropSpot | null): DropSpot | null {
  const below = elementBelow(x, y);
  const column = below?.closest<HTMLElement>("[data-drop-group]");
  const group = column?.dataset["dropGroup"];
  if (below === undefined || column == null || group === undefined) return null;
  if (!byPlace) return { group, next: null };
  const row = below.closest(".column-row");
  if (row === null) {
    if (below.closest(".column-head") !== null) return { group, next: keyIn(column.querySelector(".column-row")) };
    const rows = column.querySelector(".column-body > ul")?.getBoundingClientRect();
    const isBetween = rows !== undefined && y < rows.bottom;
    return isBetween && last?.group === group ? last : { group, next: null };
  }
  if (row.querySelector(".drop-place") !== null && last?.group === group) return last;
  const box = row.getBoundingClientRect();
  if (y < box.top + box.height / 2) return { group, next: keyIn(row) };
  const after = row.nextElementSibling;
  return { group, next: keyIn(after) ?? keyIn(after?.nextElementSibling ?? null) };
}

function keyIn(row: Element | null): string | null {
  return row?.querySelector<HTMLElement>(".card[data-key]")?.dataset["key"] ?? null;
}
