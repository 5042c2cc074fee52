import type { WireReply } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import { docs, messageReply } from "./replies.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
const points = { read: 1, write: 5, aMinute: 900 };
const creating = { aMinute: 80, anHour: 500 };

type Window = { used: number; readonly resetAt: number };

export type SecondaryLimits = {
  /** Counts a request; returns the refusal if it comes too soon. */
  spend(account: Account, request: { readonly method: string; readonly path: string }): WireReply | null;
};

/** The limits that no header announces: points per minute, and content created per minute and hour. `scale` raises them all. */
export function createSecondaryLimits(now: () => number, scale: number): SecondaryLimits {
  const windows = new Map<string, Window>();

  function windowOf(account: Account, name: string, lengthMs: number): Window {
    const key = `${account.token}/${name}`;
    const known = windows.get(key);
    if (known !== undefined && now() < known.resetAt) return known;
    const made = { used: 0, resetAt: now() + lengthMs };
    windows.set(key, made);
    return made;
  }

  return {
    spend(account, { method, path }) {
      const costs = [
        {
          window: windowOf(account, "points", minuteMs),
          cost: method === "GET" ? points.read : points.write,
          limit: points.aMinute,
          words: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        },
        ...(makesContent(method, path)
          ? (
              [
                ["minute", minuteMs, creating.aMinute],
                ["hour", hourMs, creating.anHour],
              ] as const
            ).map(([name, lengthMs, limit]) => ({
              window: windowOf(account, name, lengthMs),
              cost: 1,
              limit,
              words:
                "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.",
            }))
          : []),
      ];
      const full = costs.find(({ window, cost, limit }) => window.used + cost > limit * scale);
      if (full === undefined) {
        for (const { window, cost } of costs) window.used += cost;
        return null;
      }
      const reply = messageReply(403, full.words, docs.secondaryLimits);
      const wait = Math.max(1, Math.ceil((full.window.resetAt - now()) / 1_000));
      return { ...reply, headers: { ...reply.headers, "Retry-After": String(wait) } };
    },
  };
}

/** The emulated calls whose documentation warns of creating content too quickly. */
function makesContent(method: string, path: string): boolean {
  return method === "POST" && /\/(issues|comments|sub_issues|blocked_by)$/.test(path);
}
