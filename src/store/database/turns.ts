/** Runs jobs one at a time; urgent ones go before the rest. */
export type Turns = (<T>(job: () => Promise<T>, isUrgent?: boolean) => Promise<T>) & {
  isIdle(): boolean;
  /** Whether an urgent job is waiting. */
  isWanted(): boolean;
};

/** Urgent jobs and the rest each keep their order of arrival. */
export function createTurns(): Turns {
  const urgent: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let busy = false;
  const inTurn = async <T>(job: () => Promise<T>, isUrgent = false): Promise<T> => {
    if (busy) await new Promise<void>((resolve) => (isUrgent ? urgent : waiting).push(resolve));
    busy = true;
    try {
      return await job();
    } finally {
      const next = urgent.shift() ?? waiting.shift();
      if (next === undefined) busy = false;
      else next();
    }
  };
  return Object.assign(inTurn, { isIdle: () => !busy, isWanted: () => urgent.length > 0 });
}
