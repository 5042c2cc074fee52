import type { ListName } from "./timed-list.ts";

/** Entries of one list that all carry one update time, more than a page of them. */
export type Crowd = { readonly list: ListName; readonly since: string | null };

/**
 * Remembers the crowds that a run paged through by page number. An entry that is updated meanwhile leaves its crowd, shifts the pages behind it
 * to the left and so hides another one; but it also turns up again at the end of the list, which is read later. Then the crowd has to be
 * read again. (An entry that is deleted meanwhile does not turn up; the daily sweep finds what it hid.)
 */
export type Crowds = {
  add(crowd: Crowd, entries: readonly Member[]): void;
  /** Every page that is read is shown here. */
  see(entries: readonly Member[]): void;
  list(): readonly Crowd[];
  /** The next crowd to be read again; it is forgotten with this. Ends after some, so that a crowd that never rests cannot hold a run for ever. */
  takeDisturbed(): Crowd | undefined;
};

type Member = { readonly id: number | null; readonly updatedAt: number | null };

type Known = {
  readonly crowd: Crowd;
  readonly times: Map<number, number | null>;
  disturbed: boolean;
};

const maxRereads = 20;

/** `inherited`: crowds of the run that broke off. Nobody watched them since, so they are read again. */
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
