/** Values by key; drops the oldest above a limit. */
export type Memory<T> = {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  entries(): Iterable<readonly [key: string, value: T]>;
};

export function createMemory<T>(most: number): Memory<T> {
  const values = new Map<string, T>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      if (values.size <= most) return;
      const [oldest] = values.keys();
      if (oldest !== undefined) values.delete(oldest);
    },
    entries: () => values.entries(),
  };
}
