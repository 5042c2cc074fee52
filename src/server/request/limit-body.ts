import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type { ServerEnv } from "../env.ts";

/**
 * Refuses larger bodies with 413. A declared length is decisive, because Node's parser reads no byte more. Only a body without one is counted while it is read,
 * because that needs a web stream, which costs as much as everything else in a small request.
 */
export function limitBody(maxBytes: number): MiddlewareHandler<ServerEnv> {
  const counting = bodyLimit({ maxSize: maxBytes, onError: refuse });
  return async (c, next) => {
    if (c.req.method === "GET" || c.req.method === "HEAD") return next();
    const declared = c.req.header("content-length");
    if (declared === undefined || c.req.header("transfer-encoding") !== undefined) return counting(c, next);
    return Number(declared) > maxBytes ? refuse() : next();
  };
}

function refuse(): never {
  throw new HTTPException(413);
}
