import type { ActiveFaults } from "../server/fault-list.ts";
import type { WireReply } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import { jsonReply } from "./replies.ts";

type Window = { readonly limit: number; used: number; readonly resetAt: number };

export type Limits = {
  /** Spends one request; returns the refusal if none is left. */
  spend(account: Account): WireReply | null;
  headers(account: Account): Record<string, string>;
  /** The refusal that a fault requests; null if none. */
  refuse(account: Account, faults: ActiveFaults): WireReply | null;
};

const minuteMs = 60_000;

/** gitlab.com's budget: requests per minute and user, sent with every response. A self-managed server sends it only with refusals. */
export function createLimits(now: () => number, requestsPerMinute: number): Limits {
  const windows = new Map<string, Window>();

  function windowOf(account: Account): Window {
    const known = windows.get(account.user.login);
    if (known && now() < known.resetAt) return known;
    // Windows start at full minutes.
    const resetAt = (Math.floor(now() / minuteMs) + 1) * minuteMs;
    const made = { limit: requestsPerMinute, used: 0, resetAt };
    windows.set(account.user.login, made);
    return made;
  }

  function headersOf({ limit, used, resetAt }: Window): Record<string, string> {
    return {
      "RateLimit-Name": "throttle_authenticated_api",
      "RateLimit-Limit": String(limit),
      "RateLimit-Observed": String(used),
      "RateLimit-Remaining": String(Math.max(0, limit - used)),
      "RateLimit-Reset": String(Math.ceil(resetAt / 1_000)),
      "RateLimit-ResetTime": new Date(Math.ceil(resetAt / 1_000) * 1_000).toUTCString(),
    };
  }

  /** Rack::Attack's response: plain text, whatever was requested. */
  function throttled(window: Window): WireReply {
    return {
      status: 429,
      headers: {
        "Content-Type": "text/plain",
        ...headersOf(window),
        "Retry-After": String(Math.max(1, Math.ceil((window.resetAt - now()) / 1_000))),
      },
      body: "Retry later\n",
    };
  }

  return {
    spend(account) {
      const window = windowOf(account);
      if (window.used >= window.limit) return throttled(window);
      window.used += 1;
      return null;
    },
    headers: (account) => headersOf(windowOf(account)),
    refuse(account, faults) {
      const primary = faults.get("rate-limit");
      if (primary) {
        const { limit } = windowOf(account);
        return throttled({ limit, used: limit, resetAt: now() + (primary.value ?? 60) * 1_000 });
      }
      const secondary = faults.get("secondary-limit");
      if (!secondary) return null;
      // A limit on a single call, enforced by the application: JSON, and often without a reset time.
      const reply = jsonReply(429, {
        message: { error: "This endpoint has been requested too many times. Try again later." },
      });
      const wait = secondary.value === undefined ? {} : { "Retry-After": String(secondary.value) };
      return { ...reply, headers: { ...headersOf(windowOf(account)), ...wait } };
    },
  };
}
