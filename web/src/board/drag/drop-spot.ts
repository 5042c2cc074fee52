import { elementBelow } from "./drag-preview.ts";

/** A place on the board: a column, and the card before which the held one goes; null: behind the last one. */
export type DropSpot = { readonly group: string; readonly next: string | null };

/**
 * The place below a point of the page; null: none. `byPlace` tells the cards of a column apart (else `next` is null); where the point is between two of them, or
 * on the place that is marked already, `last` is kept.
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
