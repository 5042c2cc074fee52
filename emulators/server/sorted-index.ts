/** A sorted array: O(log n) lookup, one block move to insert or remove. Keys must not change while inside. */
export type SortedIndex<T> = {
  readonly items: readonly T[];
  add(item: T): void;
  remove(item: T): void;
  /** Sorts once; for loading a seed. */
  load(items: readonly T[]): void;
  /** See `firstIndex`. */
  findFirst(isAtOrAfter: (item: T) => boolean): number;
};

export function createSortedIndex<T>(compare: (a: T, b: T) => number): SortedIndex<T> {
  const items: T[] = [];

  const findFirst = (isAtOrAfter: (item: T) => boolean) => firstIndex(items, isAtOrAfter);

  return {
    items,
    findFirst,
    add(item) {
      items.splice(
        findFirst((other) => compare(other, item) >= 0),
        0,
        item,
      );
    },
    remove(item) {
      const index = findFirst((other) => compare(other, item) >= 0);
      if (items[index] !== item) throw new Error("A record's sort key changed while it was in an index.");
      items.splice(index, 1);
    },
    load(more) {
      for (const item of more) items.push(item);
      items.sort(compare);
    },
  };
}

/** Binary search for the first item that satisfies `isAtOrAfter`, which must hold for all later items too. */
export function firstIndex<T>(items: readonly T[], isAtOrAfter: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && isAtOrAfter(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
