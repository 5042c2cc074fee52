import { allowedAgain } from "../../faults/allowed-times.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import { followRequests } from "./follow-requests.ts";

/** I5: after a rate-limit response, no process sends anything before the permitted time; a process that died at that very moment could not store it, which is excused. */
export type LimitWatch = {
  /** The program dies now. */
  died(): void;
  /** The next process starts, and knows that it must wait until then (milliseconds since the epoch, 0: no wait). */
  began(knows: number): void;
  /** Throws if a request was sent too early. */
  check(): void;
  end(): void;
};

/** Observes all requests of this process on the emulator's clock. */
export function watchLimits(clock: VirtualClock): LimitWatch {
  const deaths: { readonly at: number; readonly knows: number }[] = [];
  let diedAt = 0;
  /** Until when the last rate-limit response forbids requests, and when it came. */
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
