import type { Random } from "./random.ts";

export const dayMs = 86_400_000;
/** The age of the company's first issue. */
const historyMs = 900 * dayMs;
/** Nothing in the seed is younger, so that a test's first change is the newest. */
const quietMs = 5 * 60_000;

export type Timeline = {
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
};

/**
 * The times of all issues of a source, oldest issue first. Recent changes are denser than old ones; nearly all have a second of their own, except for a few
 * bulk edits, whose issues share one time: always small ones, and one larger than a page of 100 if there are at least 1,500 issues.
 */
export function makeTimelines(
  random: Random,
  now: number,
  count: number,
  isClosedAt: (index: number) => boolean,
): Timeline[] {
  const timelines: Timeline[] = [];
  const newest = now - quietMs;
  for (let index = 0; index < count; index += 1) {
    const position = (index + random.next()) / count;
    const createdAt = Math.floor(newest - historyMs * (1 - position) ** 1.6 - random.int(90_000));
    const spanMs = Math.max(1_000, newest - createdAt);
    if (isClosedAt(index)) {
      const workMs = Math.min(spanMs, (0.2 + -Math.log(1 - random.next()) * 14) * dayMs);
      const closedAt = Math.floor(createdAt + workMs * (workMs === spanMs ? random.next() : 1));
      const isTouchedLater = random.chance(0.1);
      const updatedAt = isTouchedLater ? Math.floor(closedAt + (newest - closedAt) * random.next() ** 2) : closedAt;
      timelines.push({ createdAt, updatedAt, closedAt });
    } else {
      timelines.push({ createdAt, updatedAt: Math.floor(newest - spanMs * random.next() ** 2), closedAt: null });
    }
  }
  return shareTimes(random, timelines);
}

function shareTimes(random: Random, timelines: Timeline[]): Timeline[] {
  const sizes = [3, 5, 8, 12].filter((size) => size * 10 <= timelines.length);
  if (timelines.length >= 1_500) sizes.push(130);
  for (const size of sizes) {
    // The bulk edit happened when its youngest issue existed and none had been closed yet.
    const start = random.int(timelines.length - size * 3);
    const members = timelines.slice(start, start + size * 3).filter(({ closedAt }) => closedAt === null);
    const chosen = (members.length >= size ? members : timelines.slice(start, start + size)).slice(0, size);
    const time = Math.max(...chosen.map(({ updatedAt }) => updatedAt));
    for (const member of chosen) {
      const index = timelines.indexOf(member);
      timelines[index] = { ...member, updatedAt: time };
    }
  }
  return timelines;
}
