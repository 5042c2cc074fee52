import type { TrackerConnection } from "./tracker.ts";

/**
 * A connection whose code is loaded with its first use. Listing the trackers, reading refs and answering from the mirror need none of it, and
 * the command line pays for every module at every start.
 */
export function lazyConnection(open: () => Promise<TrackerConnection>): TrackerConnection {
  let opened: Promise<TrackerConnection> | undefined;
  const get = () => {
    opened ??= open();
    return opened;
  };
  return {
    verify: async (signal) => (await get()).verify(signal),
    async *sources(signal) {
      yield* (await get()).sources(signal);
    },
    describe: async (source, overrides, signal) => (await get()).describe(source, overrides, signal),
    async *pull(source, request) {
      yield* (await get()).pull(source, request);
    },
    async *sweep(source, signal) {
      yield* (await get()).sweep(source, signal);
    },
    read: async (source, nativeId, key, signal) => (await get()).read(source, nativeId, key, signal),
    async *comments(source, nativeId, key, signal) {
      yield* (await get()).comments(source, nativeId, key, signal);
    },
    openFile: async (url, signal) => (await get()).openFile(url, signal),
    countOutside: async (source, signal) => (await get()).countOutside(source, signal),
  };
}
