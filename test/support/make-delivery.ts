import type { Delivery } from "../../src/trackers/tracker.ts";

/** A delivery with this JSON body. */
export function makeDelivery(
  payload: unknown,
  headers: Readonly<Record<string, string>> = {},
  receivedAt: number = Date.UTC(2026, 10, 22),
): Delivery {
  return { headers, query: new URLSearchParams(), body: Buffer.from(JSON.stringify(payload)), receivedAt };
}
