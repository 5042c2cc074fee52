/**
 * Runs work on one thing after the other, on different ones at once: what a change reads is still so when it is written. A failure is the caller's and stops
 * none of the others.
 */
export function createInOrder(): <T>(key: number, work: () => Promise<T>) => Promise<T> {
  const last = new Map<number, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
