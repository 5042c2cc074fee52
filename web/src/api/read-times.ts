/** When data was asked for, on the page's clock: what the server took before then is in it. */
const times = new WeakMap<object, number>();

export function markRead<T extends object>(data: T, askedAt: number): T {
  times.set(data, askedAt);
  return data;
}

/** 0 for data that was not marked. */
export function readTime(data: object): number {
  return times.get(data) ?? 0;
}
