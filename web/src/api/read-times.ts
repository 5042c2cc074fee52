/** When data was requested, by `performance.now()`: it contains everything the server accepted before then. */
const times = new WeakMap<object, number>();

export function markRead<T extends object>(data: T, askedAt: number): T {
  times.set(data, askedAt);
  return data;
}

/** When `data` was requested; 0 if it was never marked. */
export function readTime(data: object): number {
  return times.get(data) ?? 0;
}
