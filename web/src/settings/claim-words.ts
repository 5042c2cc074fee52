import type { DispatchShape } from "../../../src/server/contract/dispatch.ts";
import { formatUntil } from "../ui/time.ts";

type Claim = Pick<DispatchShape["claimed"][number], "agent" | "failures" | "nextAt" | "ended" | "reason">;

/** What dispatch is doing with an issue it took: how often it failed, when it tries again, and why it does not continue now. */
export function claimWords({ agent, failures, nextAt, ended, reason }: Claim, now: number): string {
  const state = reason ?? agent?.state ?? "waiting";
  // Given up: the reason says how often it failed, and nothing follows.
  if (ended || reason?.startsWith("it failed") === true) return state;
  const often = failures === 1 ? "failed once" : `failed ${failures} times in a row`;
  const turn = failures === 0 ? "next turn" : "next attempt";
  return [
    ...(failures === 0 ? [] : [often]),
    ...(nextAt === null || Date.parse(nextAt) <= now ? [] : [`${turn} ${formatUntil(nextAt, now)}`]),
    state,
  ].join("; ");
}
