import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Answer } from "../../store/answers/answers.ts";
import type { ServerEnv } from "../env.ts";
import { problemResponse } from "../problem.ts";
import type { Services } from "../services.ts";

/** The calls that change issues; all others can be repeated anyway. */
const covered = /^\/api\/(issues|undo|outbox|shadow)(\/|$)/;

/**
 * Implements `Idempotency-Key` for POST: a repeated request with the same key gets the first response again and does nothing, for a day. A refused request has
 * no effect, so its key can be used again.
 */
export function createIdempotency({ store, log }: Pick<Services, "store" | "log">): MiddlewareHandler<ServerEnv> {
  const { answers } = store;
  /** Requests in progress, by key. */
  const underWay = new Map<string, Promise<void>>();

  return async (c, next) => {
    const key = c.req.header("idempotency-key");
    if (key === undefined || c.req.method !== "POST" || !covered.test(c.req.path)) return next();
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new PanopticonError("invalid_input", "Idempotency-Key must be 1 to 255 visible characters.");
    }
    const fingerprint = await fingerprintOf(c);
    for (let before = underWay.get(key); before !== undefined; before = underWay.get(key)) await before;
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.set(key, promise);
    try {
      const opened = await answers.open(key, fingerprint);
      if (opened.kind === "answered") return replay(opened.answer);
      if (opened.kind !== "new") return problemResponse(refusal(opened.kind));
      await next();
      await keep(key, c.res);
    } finally {
      underWay.delete(key);
      resolve();
    }
  };

  async function keep(key: string, response: Response): Promise<void> {
    try {
      if (!response.ok) return await answers.release(key);
      await answers.finish(key, { status: response.status, body: await response.clone().text() });
    } catch (error) {
      // The request was carried out or refused, so its response stands. A repetition will be told that the outcome is unknown.
      log.error({ err: toPanopticonError(error) }, "the answer of an Idempotency-Key could not be kept");
    }
  }
}

async function fingerprintOf(c: Context<ServerEnv>): Promise<string> {
  const parts = [c.get("by").session, c.req.method, c.req.url, await c.req.text()];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function replay({ status, body }: Answer): Response {
  const headers = { "content-type": "application/json", "cache-control": "no-store", "idempotency-replayed": "true" };
  return new Response(status === 204 ? null : body, { status, headers });
}

function refusal(kind: "other" | "unanswered"): PanopticonError {
  return kind === "other"
    ? new PanopticonError("conflict", "This Idempotency-Key was already used for a different request.", {
        hint: "Use a new key for every request that is not a retry.",
      })
    : new PanopticonError("conflict", "The first request with this Idempotency-Key was interrupted.", {
        hint: "Check the issue and GET /api/outbox to see whether it took effect. To make the change again, use another key.",
      });
}
