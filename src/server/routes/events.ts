import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import { serverEventNames } from "../contract/event.ts";
import type { ServerEnv } from "../env.ts";
import type { EventHub } from "../events/event-hub.ts";

const eventsRoute = createRoute({
  method: "get",
  path: "/api/events",
  summary: `Server-sent events: ${serverEventNames.join(", ")}`,
  request: {
    query: z.object({
      since: z
        .string()
        .optional()
        .openapi({ param: { description: "The sequence of the board being shown" } }),
    }),
    headers: z.object({ "last-event-id": z.string().optional() }),
  },
  responses: {
    200: {
      description: "The stream; its first event is a `change` or a `reload`",
      content: { "text/event-stream": { schema: z.string() } },
    },
  },
});

export type EventRouteOptions = {
  readonly hub: EventHub;
  /** A listener with more unread data is dropped; it reconnects with `Last-Event-ID`. */
  readonly maxWaitingBytes?: number;
};

/** Writes to the socket directly, so that a thousand listeners share each chunk. */
export function addEventRoute(app: OpenAPIHono<ServerEnv>, options: EventRouteOptions): void {
  const { hub, maxWaitingBytes = 1_000_000 } = options;

  app.openapi(eventsRoute, async (c) => {
    const since = readSequence(c.req.header("last-event-id") ?? c.req.query("since"));
    const { outgoing } = c.env;
    const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
    if (c.req.raw.method === "HEAD") return c.body(null, 200, headers);

    let closed = false;
    outgoing.once("close", () => {
      closed = true;
    });
    const write = (chunk: Buffer): void => {
      if (closed) return;
      if (!outgoing.headersSent) outgoing.writeHead(200, headers);
      outgoing.write(chunk);
      if (outgoing.writableLength > maxWaitingBytes) outgoing.destroy();
    };
    const leave = await hub.join(since, { write, end: () => outgoing.end(() => outgoing.destroy()) });
    if (closed) leave();
    else outgoing.once("close", leave);
    return RESPONSE_ALREADY_SENT;
  });
}

function readSequence(written: string | undefined): number | null {
  if (written === undefined || written === "") return null;
  if (/^\d{1,15}$/.test(written)) return Number(written);
  throw new PanopticonError("invalid_input", "The sequence to resume from must be a whole number.");
}
