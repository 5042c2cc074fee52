/** Nothing waits longer than this: what is on the screen would be too far from what is so. */
const longestMs = 10_000;

/** Lets what reads in the background wait while the user holds something. */
export type Hold = {
  /** From now on it waits, until the returned function is called. */
  readonly take: () => () => void;
  /** Calls back when nothing is held; at once where nothing is. */
  readonly whenFree: (work: () => void) => void;
};

export function createHold(): Hold {
  const holders = new Set<symbol>();
  let waiting: (() => void)[] = [];
  const release = (holder: symbol) => {
    if (!holders.delete(holder) || holders.size > 0) return;
    const ready = waiting;
    waiting = [];
    for (const work of ready) work();
  };
  return {
    take: () => {
      const holder = Symbol("holder");
      holders.add(holder);
      const timer = setTimeout(release, longestMs, holder);
      return () => {
        clearTimeout(timer);
        release(holder);
      };
    },
    whenFree: (work) => {
      if (holders.size === 0) work();
      else waiting.push(work);
    },
  };
}
