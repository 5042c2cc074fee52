import type { GraphQLError } from "graphql";
import type { ActiveFaults } from "../server/fault-list.ts";
import type { Account } from "./access.ts";
import { rateLimited } from "./errors.ts";

type Bucket = { used: number; resetAt: number };

export type Limits = {
  /** Spends one request; returns the refusal if none is left or a fault asks for it. */
  spendRequest(account: Account, faults: ActiveFaults): Refusal | null;
  /** Spends a response's points; never refuses a response already computed. */
  spendPoints(account: Account, points: number): void;
  headers(account: Account): Record<string, string>;
  status(account: Account): object;
};

export type Refusal = { readonly error: GraphQLError; readonly headers: Record<string, string> };

const hourMs = 3_600_000;

/** Hourly budgets per account. The live limits depend on the plan: read them from the headers. */
export function createLimits(now: () => number, most: { readonly requests: number; readonly points: number }): Limits {
  const buckets = new Map<string, Bucket>();

  function bucketOf(account: Account, kind: "requests" | "points"): Bucket {
    const key = `${account.key}/${kind}`;
    const known = buckets.get(key);
    if (known && now() < known.resetAt) return known;
    const made = { used: 0, resetAt: now() + hourMs };
    buckets.set(key, made);
    return made;
  }

  function headersOf(requests: Bucket, points: Bucket): Record<string, string> {
    return {
      "x-ratelimit-requests-limit": String(most.requests),
      "x-ratelimit-requests-remaining": String(Math.max(0, most.requests - requests.used)),
      "x-ratelimit-requests-reset": String(Math.ceil(requests.resetAt)),
      "x-ratelimit-complexity-limit": String(most.points),
      "x-ratelimit-complexity-remaining": String(Math.max(0, Math.floor(most.points - points.used))),
      "x-ratelimit-complexity-reset": String(Math.ceil(points.resetAt)),
    };
  }

  const refusal = (requests: Bucket, points: Bucket, what: string): Refusal => ({
    error: rateLimited(`Rate limit exceeded. Only ${what} are allowed per 1 hour.`),
    headers: headersOf(requests, points),
  });

  return {
    spendRequest(account, faults) {
      const requests = bucketOf(account, "requests");
      const points = bucketOf(account, "points");
      const primary = faults.get("rate-limit");
      if (primary) {
        const resetAt = now() + (primary.value ?? 60) * 1_000;
        return refusal({ used: most.requests, resetAt }, points, `${most.requests} requests`);
      }
      const secondary = faults.get("secondary-limit");
      if (secondary) {
        const resetAt = now() + (secondary.value ?? 60) * 1_000;
        return refusal(requests, { used: most.points, resetAt }, `${most.points} complexity points`);
      }
      if (requests.used >= most.requests) return refusal(requests, points, `${most.requests} requests`);
      if (points.used >= most.points) return refusal(requests, points, `${most.points} complexity points`);
      requests.used += 1;
      return null;
    },
    spendPoints(account, points) {
      bucketOf(account, "points").used += points;
    },
    headers: (account) => headersOf(bucketOf(account, "requests"), bucketOf(account, "points")),
    status(account) {
      const limit = (type: string, allowed: number, bucket: Bucket) => ({
        type,
        allowedAmount: allowed,
        period: hourMs,
        remainingAmount: Math.max(0, allowed - bucket.used),
        requestedAmount: 0,
        reset: bucket.resetAt,
      });
      return {
        identifier: account.user.id,
        kind: "api-key",
        limits: [
          limit("requests", most.requests, bucketOf(account, "requests")),
          limit("complexity", most.points, bucketOf(account, "points")),
        ],
      };
    },
  };
}
