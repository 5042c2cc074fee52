import type { ActiveFaults } from "../server/fault-list.ts";
import type { WireReply } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import { jsonReply } from "./replies.ts";
import type { Edition } from "./state.ts";

export type Limits = {
  /** Spends one request; returns the refusal if none is left or a fault asks for it. */
  spend(account: Account, faults: ActiveFaults): WireReply | null;
  headers(account: Account): Record<string, string>;
};

type Bucket = { used: number; since: number };

const hourMs = 3_600_000;
const intervalSeconds = 60;

/**
 * Cloud: requests per hour, sent with the minute of the reset. Data Center: a bucket that refills by a tenth of its size every minute.
 * Cloud's points per kind of request are not emulated: each counts one.
 */
export function createLimits(edition: Edition, now: () => number, most: number): Limits {
  const buckets = new Map<string, Bucket>();
  const fillRate = Math.max(1, Math.ceil(most / 10));

  function bucketOf(account: Account): Bucket {
    let bucket = buckets.get(account.token);
    if (bucket === undefined) {
      bucket = { used: 0, since: now() };
      buckets.set(account.token, bucket);
    }
    if (edition === "cloud") {
      if (now() >= bucket.since + hourMs) Object.assign(bucket, { used: 0, since: now() });
      return bucket;
    }
    // The clock may be set back; a bucket still only fills.
    bucket.since = Math.min(bucket.since, now());
    const fills = Math.floor((now() - bucket.since) / (intervalSeconds * 1_000));
    bucket.used = Math.max(0, bucket.used - fills * fillRate);
    bucket.since += fills * intervalSeconds * 1_000;
    return bucket;
  }

  const remaining = (bucket: Bucket) => String(Math.max(0, most - bucket.used));

  function headersOf(bucket: Bucket): Record<string, string> {
    if (edition === "cloud") {
      return {
        "X-RateLimit-Limit": String(most),
        "X-RateLimit-Remaining": remaining(bucket),
        "X-RateLimit-Reset": toMinute(bucket.since + hourMs),
        ...(bucket.used > most * 0.8 ? { "X-RateLimit-NearLimit": "true" } : {}),
      };
    }
    return {
      "X-RateLimit-Limit": String(most),
      "X-RateLimit-Remaining": remaining(bucket),
      "X-RateLimit-FillRate": String(fillRate),
      "X-RateLimit-Interval-Seconds": String(intervalSeconds),
    };
  }

  function refuse(bucket: Bucket, waitSeconds: number | null, reason: string): WireReply {
    const wait = waitSeconds === null ? {} : { "Retry-After": String(waitSeconds) };
    if (edition === "data-center") {
      return jsonReply(429, { message: "Rate limit exceeded.", "status-code": 429 }, { ...headersOf(bucket), ...wait });
    }
    const reset = waitSeconds === null ? {} : { "X-RateLimit-Reset": toMinute(now() + waitSeconds * 1_000) };
    return jsonReply(
      429,
      { code: 429, message: "Rate limit exceeded" },
      { ...headersOf(bucket), ...reset, ...wait, "RateLimit-Reason": reason },
    );
  }

  return {
    spend(account, faults) {
      const bucket = bucketOf(account);
      const primary = faults.get("rate-limit");
      if (primary) return refuse({ ...bucket, used: most }, primary.value ?? 60, "jira-quota-global-based");
      const secondary = faults.get("secondary-limit");
      if (secondary) return refuse(bucket, secondary.value ?? null, "jira-burst-based");
      if (bucket.used >= most) {
        const untilMs = bucket.since + (edition === "cloud" ? hourMs : intervalSeconds * 1_000) - now();
        return refuse(bucket, Math.max(1, Math.ceil(untilMs / 1_000)), "jira-quota-global-based");
      }
      bucket.used += 1;
      return null;
    },
    headers: (account) => headersOf(bucketOf(account)),
  };
}

/** `2026-11-22T10:00Z`: rounded up. */
function toMinute(time: number): string {
  return `${new Date(Math.ceil(time / 60_000) * 60_000).toISOString().slice(0, 16)}Z`;
}
