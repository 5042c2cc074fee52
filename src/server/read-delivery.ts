import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ServerEnv } from "./env.ts";
import type { Delivery } from "../trackers/tracker.ts";

/**
 * Deliveries about issues are some tens of kilobytes; the longest texts that trackers keep make some megabytes with their old and new form. What is larger is
 * found by the next poll.
 */
export const mostDeliveryBytes = 4_000_000;

/** Trackers send a body at once. */
const patienceMs = 10_000;

/** A delivery with its bytes as they came. Throws 413 for a body that is too large, 408 for one that does not come. */
export async function readDelivery(c: Context<ServerEnv>, now: number, waitMs = patienceMs): Promise<Delivery> {
  const announced = Number(c.req.header("content-length") ?? "0");
  if (announced > mostDeliveryBytes) throw new HTTPException(413);
  return {
    headers: c.req.header(),
    query: new URL(c.req.url).searchParams,
    body: await readBody(c.req.raw.body, waitMs),
    receivedAt: now,
  };
}

async function readBody(stream: ReadableStream<Uint8Array> | null, waitMs: number): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array();
  const reader = stream.getReader();
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), waitMs);
  const chunks: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late]);
      if (next === "late") {
        throw new HTTPException(408);
      }
      if (next.done) {
        whole = true;
        return Buffer.concat(chunks, size);
      }
      size += next.value.length;
      if (size > mostDeliveryBytes) throw new HTTPException(413);
      chunks.push(next.value);
    }
  } finally {
    clearTimeout(timer);
    // Whatever is still to come is not wanted, nor the connection that it comes on. One whose body was read to its end stays.
    if (!whole) await reader.cancel().catch(() => undefined);
  }
}
