/** Runs work on the same issues sequentially, on different issues in parallel. */
export type Turns = (keys: readonly string[], work: () => Promise<void>) => void;

/** `work` must not throw. It runs after all earlier work on any of its keys. */
export function createTurns(): Turns {
  const tails = new Map<string, Promise<void>>();
  return (keys, work) => {
    const turn = Promise.all(keys.flatMap((key) => tails.get(key) ?? []))
      .then(work)
      .finally(() => {
        for (const key of keys) if (tails.get(key) === turn) tails.delete(key);
      });
    for (const key of keys) tails.set(key, turn);
  };
}
