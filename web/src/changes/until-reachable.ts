import type { LiveStore } from "../live/live-store.ts";

/** Retry an unreachable server after this time even without a sign from the event stream. */
const askAgainMs = 3000;

/** Resolves when retrying an unreachable server makes sense. */
export function untilReachable(live: LiveStore): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      removeEventListener("pagehide", done);
      resolve();
    };
    const timer = setTimeout(done, askAgainMs);
    let before = live.get().connection;
    const stop = live.subscribe(() => {
      const { connection } = live.get();
      if (connection === "open" && before !== "open") done();
      before = connection;
    });
    // A last attempt, which outlives the page: the server may be back without the page having noticed.
    addEventListener("pagehide", done);
  });
}
