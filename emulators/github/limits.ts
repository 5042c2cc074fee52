import type { ActiveFaults } from "../server/fault-list.ts";
import type { WireReply } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import { docs, messageReply } from "./replies.ts";

type Resource = "core" | "search";
type Window = { readonly limit: number; used: number; resetAt: number };

export type Limits = {
  /** Spends one request; returns the refusal if none is left. */
  spend(account: Account, resource: Resource): WireReply | null;
  /** Refunds a request: a 304 does not count. */
  refund(account: Account, resource: Resource): void;
  headers(account: Account, resource: Resource): Record<string, string>;
  overview(account: Account): object;
  /** The refusal that a fault requests; null if none. */
  refuse(account: Account, resource: Resource, faults: ActiveFaults): WireReply | null;
};

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** GitHub's budgets per account: core by the hour, search by the minute. */
export function createLimits(now: () => number, requestsPerHour: number): Limits {
  const windows = new Map<string, Window>();

  function windowOf(account: Account, resource: Resource): Window {
    const key = `${account.token}/${resource}`;
    const known = windows.get(key);
    if (known && now() < known.resetAt) return known;
    const isAnonymous = account.user === null;
    const lengthMs = resource === "core" ? hourMs : minuteMs;
    const limit = resource === "core" ? (isAnonymous ? 60 : requestsPerHour) : isAnonymous ? 10 : 30;
    const made = { limit, used: 0, resetAt: now() + lengthMs };
    windows.set(key, made);
    return made;
  }

  const seconds = (time: number) => Math.ceil(time / 1_000);

  function headersOf(window: Window, resource: Resource): Record<string, string> {
    return {
      "X-RateLimit-Limit": String(window.limit),
      "X-RateLimit-Remaining": String(Math.max(0, window.limit - window.used)),
      "X-RateLimit-Reset": String(seconds(window.resetAt)),
      "X-RateLimit-Used": String(window.used),
      "X-RateLimit-Resource": resource,
    };
  }

  function exceeded(account: Account, window: Window, resource: Resource, status: number): WireReply {
    const whom = account.user === null ? "127.0.0.1" : `user ID ${account.user.id}`;
    const reply = messageReply(status, `API rate limit exceeded for ${whom}.`, docs.limits);
    return { ...reply, headers: { ...reply.headers, ...headersOf(window, resource) } };
  }

  const summary = (window: Window) => ({
    limit: window.limit,
    used: window.used,
    remaining: Math.max(0, window.limit - window.used),
    reset: seconds(window.resetAt),
  });

  return {
    spend(account, resource) {
      const window = windowOf(account, resource);
      if (window.used >= window.limit) return exceeded(account, window, resource, 403);
      window.used += 1;
      return null;
    },
    refund(account, resource) {
      const window = windowOf(account, resource);
      window.used = Math.max(0, window.used - 1);
    },
    headers: (account, resource) => headersOf(windowOf(account, resource), resource),
    overview(account) {
      const core = summary(windowOf(account, "core"));
      const search = summary(windowOf(account, "search"));
      return { resources: { core, search }, rate: core };
    },
    refuse(account, resource, faults) {
      const primary = faults.get("rate-limit");
      if (primary) {
        const window = windowOf(account, resource);
        const resetAt = now() + (primary.value ?? 60) * 1_000;
        return exceeded(account, { ...window, used: window.limit, resetAt }, resource, primary.status ?? 403);
      }
      const secondary = faults.get("secondary-limit");
      if (!secondary) return null;
      const reply = messageReply(
        secondary.status ?? 403,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        docs.secondaryLimits,
      );
      const wait = secondary.value === undefined ? {} : { "Retry-After": String(secondary.value) };
      return { ...reply, headers: { ...reply.headers, ...headersOf(windowOf(account, resource), resource), ...wait } };
    },
  };
}
