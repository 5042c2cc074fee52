/** The longest a hold lasts, so that the page does not fall too far behind. */
const longestMs = 10_000;

/** Delays background reads while the user holds something. */
export type Hold = {
  /** Starts holding; call the returned function to release. */
  readonly take: () => () => void;
  /** Calls back once nothing is held; immediately if nothing is. */
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
