import { cardKey, placeOf, type BoardData } from "../data/board-data.ts";
import type { DropSpot } from "../drag/drop-spot.ts";

/** A card's current position. */
export function spotOf(board: BoardData, key: string): DropSpot | null {
  const place = placeOf(board, key);
  return place === null ? null : { group: place.group, next: key };
}

/** The next position up or down, skipping held cards; null: none. */
export function stepFrom(
  board: BoardData,
  { group, next }: DropSpot,
  held: ReadonlySet<string>,
  step: 1 | -1,
): DropSpot | null {
  const keys = board.columns.find((column) => column.group === group)?.issues.map(cardKey) ?? [];
  const from = next === null ? keys.length : keys.indexOf(next);
  if (from < 0) return null;
  const others = keys.filter((key) => !held.has(key));
  const before = keys.slice(0, from).filter((key) => !held.has(key)).length;
  const at = before + step;
  return at < 0 || at > others.length ? null : { group, next: others[at] ?? null };
}

/** The step for ⌥↑ and ⌥↓; null for any other key. */
export function stepOfKey({ altKey, key }: Pick<KeyboardEvent, "altKey" | "key">): 1 | -1 | null {
  if (!altKey) return null;
  return key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : null;
}
