import type { ListName } from "./timed-list.ts";

/** The entries of a list that share one update time and fill more than a page. */
export type Crowd = { readonly list: ListName; readonly since: string | null };

/**
 * Remembers the crowds that a run paged through by page number. An entry that is updated meanwhile leaves its crowd, which shifts the pages after it and so
 * hides another entry. The updated entry also appears at the end of the list, which is read later; that is how the shift is detected, and the crowd is read
 * again. (An entry that is deleted meanwhile does not reappear; the daily sweep finds what it hid.)
 */
export type Crowds = {
  add(crowd: Crowd, entries: readonly Member[]): void;
  /** Must be called for every page that is read. */
  see(entries: readonly Member[]): void;
  list(): readonly Crowd[];
  /** Removes and returns the next crowd to read again. Stops after a limit, so that a crowd that keeps changing cannot hold up a run forever. */
  takeDisturbed(): Crowd | undefined;
};

type Member = { readonly id: number | null; readonly updatedAt: number | null };

type Known = {
  readonly crowd: Crowd;
  readonly times: Map<number, number | null>;
  disturbed: boolean;
};

const maxRereads = 20;

/** `inherited`: crowds of the interrupted run. They were not watched since, so they are read again. */
export function createCrowds(inherited: readonly Crowd[]): Crowds {
  const known = new Map<string, Known>();
  let rereads = 0;
  for (const crowd of inherited) known.set(keyOf(crowd), { crowd, times: new Map(), disturbed: true });

  return {
    add(crowd, entries) {
      let found = known.get(keyOf(crowd));
      if (found === undefined) {
        found = { crowd, times: new Map(), disturbed: false };
        known.set(keyOf(crowd), found);
      }
      for (const { id, updatedAt } of entries) if (id !== null) found.times.set(id, updatedAt);
    },
    see(entries) {
      for (const one of known.values()) {
        one.disturbed ||= entries.some(
          ({ id, updatedAt }) => id !== null && one.times.has(id) && one.times.get(id) !== updatedAt,
        );
      }
    },
    list: () => [...known.values()].map(({ crowd }) => crowd),
    takeDisturbed() {
      const found = [...known.values()].find(({ disturbed }) => disturbed);
      if (found === undefined || rereads >= maxRereads) return undefined;
      rereads += 1;
      known.delete(keyOf(found.crowd));
      return found.crowd;
    },
  };
}

function keyOf({ list, since }: Crowd): string {
  return `${list} ${since ?? ""}`;
}
