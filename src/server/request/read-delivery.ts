import type { IncomingMessage } from "node:http";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ServerEnv } from "../env.ts";
import type { Delivery } from "../../trackers/tracker.ts";

/**
 * Deliveries about issues are some tens of kilobytes; with the longest texts that trackers store, old and new, some megabytes. The next poll finds what is in
 * larger ones.
 */
export const maxDeliveryBytes = 4_000_000;

/** Trackers send the body immediately. */
const patienceMs = 10_000;

/** Reads a delivery with its raw bytes. Throws 413 for a body that is too large, 408 for one that does not arrive, 400 for one that is interrupted. */
export async function readDelivery(c: Context<ServerEnv>, now: number, waitMs = patienceMs): Promise<Delivery> {
  const announced = Number(c.req.header("content-length") ?? "0");
  if (announced > maxDeliveryBytes) throw new HTTPException(413);
  return {
    headers: c.req.header(),
    query: new URL(c.req.url).searchParams,
    body: await readBody(c.env.incoming, waitMs),
    receivedAt: now,
  };
}

/**
 * Reads from the connection itself and stops without closing it: cancelling a request stream would close the connection, and the sender would get a reset
 * instead of the response. The adapter drains the rest after the response, within its own limits.
 */
function readBody(incoming: IncomingMessage, waitMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (settle: () => void) => {
      clearTimeout(timer);
      incoming.off("data", onData).off("end", onEnd).off("close", onClose);
      incoming.pause();
      settle();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxDeliveryBytes) stop(() => reject(new HTTPException(413)));
      else chunks.push(chunk);
    };
    const onEnd = () => stop(() => resolve(Buffer.concat(chunks, size)));
    const onClose = () => stop(() => reject(new HTTPException(400)));
    const timer = setTimeout(() => stop(() => reject(new HTTPException(408))), waitMs);
    incoming.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}
