/** Thrown by every call once the simulated process is dead. */
export class CrashError extends Error {
  override readonly name = "CrashError";
}

export type CrashPoint = {
  /** Schedules the crash at the given number of calls from now: before or right after executing it; null: none. */
  arm(at: { readonly calls: number; readonly after: boolean } | null): void;
  readonly crashed: () => boolean;
  /** Calls so far. */
  readonly calls: () => number;
};

/**
 * Wraps all functions of a part, so that the program crashes at a chosen call: what was executed by then stays, nothing happens afterwards, and every further
 * call fails. Functions inside plain objects are wrapped too. `onDeath` is called on the crash.
 */
export function createCrashPoint(
  onDeath: () => void = () => undefined,
): CrashPoint & { wrap<T extends object>(part: T): T } {
  let calls = 0;
  let point: { readonly calls: number; readonly after: boolean } | null = null;
  let dead = false;

  function die(): void {
    if (!dead) onDeath();
    dead = true;
  }

  async function through<T>(act: () => T): Promise<Awaited<T>> {
    if (dead) throw new CrashError("The process is dead.");
    calls += 1;
    const isHere = point !== null && calls >= point.calls;
    if (isHere && point?.after === false) {
      die();
      throw new CrashError("Killed before the call.");
    }
    const result = await act();
    if (isHere || dead) {
      die();
      throw new CrashError("Killed after the call.");
    }
    return result;
  }

  function wrap<T extends object>(part: T): T {
    return new Proxy(part, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value === "function") {
          return (...args: unknown[]) => {
            const call = () => Reflect.apply(value, target, args) as unknown;
            const isStream = value.constructor.name === "AsyncGeneratorFunction";
            return isStream ? stream(call as () => AsyncIterable<unknown>) : through(call);
          };
        }
        return typeof value === "object" && value !== null ? wrap(value) : value;
      },
    });
  }

  async function* stream(open: () => AsyncIterable<unknown>): AsyncIterable<unknown> {
    const iterator = open()[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await through(() => iterator.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  return {
    arm(at) {
      point = at === null ? null : { ...at, calls: calls + at.calls };
    },
    crashed: () => dead,
    calls: () => calls,
    wrap,
  };
}
