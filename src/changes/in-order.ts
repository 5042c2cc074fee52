/**
 * Serializes work by key; work on different keys runs concurrently. So what a change reads is still valid when it writes. A failure rejects its own caller and
 * does not stop later work.
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
