/** Runs work on issues one after the other, where they are the same issues. */
export type Turns = (keys: readonly string[], work: () => Promise<void>) => void;

/** `work` must not throw. It runs after everything that was asked for any of its keys before. */
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
