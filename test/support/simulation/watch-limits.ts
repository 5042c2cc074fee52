import { allowedAgain } from "../../faults/allowed-times.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import { followRequests } from "./follow-requests.ts";

/** I5: after a limit's answer nothing is sent before its time, whichever process does it; one that died in that very moment could not write it down. */
export type LimitWatch = {
  /** The program dies now. */
  died(): void;
  /** The next one begins, and knows that it has to wait until then (milliseconds since the epoch, 0: it need not). */
  began(knows: number): void;
  /** Throws what was sent too early. */
  check(): void;
  end(): void;
};

/** Follows all requests of this process on the emulator's clock. */
export function watchLimits(clock: VirtualClock): LimitWatch {
  const deaths: { readonly at: number; readonly knows: number }[] = [];
  let diedAt = 0;
  /** Until when the last answer that was a limit forbids to send, and when it came. */
  let allowedAt = 0;
  let limitedAt = -1;
  let sentEarly: Error | null = null;

  function onSent(): void {
    const at = clock.now();
    const isForgotten = deaths.some((death) => death.at === limitedAt && death.knows < allowedAt);
    if (at >= allowedAt || at === limitedAt || isForgotten) return;
    sentEarly ??= new Error(`a request was sent ${allowedAt - at} ms too early`);
  }

  const unfollow = followRequests({
    onSent,
    onAnswer({ status, headers }) {
      const at = clock.now();
      const until = allowedAgain({ status, answerHeaders: headers, at });
      if (until === null) return;
      limitedAt = at;
      allowedAt = Math.max(allowedAt, until);
    },
  });
  return {
    died() {
      diedAt = clock.now();
    },
    began(knows) {
      deaths.push({ at: diedAt, knows });
    },
    check() {
      if (sentEarly !== null) throw sentEarly;
    },
    end: unfollow,
  };
}
