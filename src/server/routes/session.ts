import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { HealthShape, SignInAddressShape, WatchInput, WatchShape } from "../contract/session.ts";
import type { ServerEnv } from "../env.ts";
import { resolveRef } from "../find/resolve-ref.ts";
import type { Services } from "../services.ts";
import type { Watching } from "../events/watching.ts";
import { answers } from "./responses.ts";

const healthRoute = createRoute({
  method: "get",
  path: "/api/health",
  summary: "Whether the server runs; no session needed",
  responses: { 200: { description: "It runs", content: { "application/json": { schema: HealthShape } } } },
});

const addressRoute = createRoute({
  method: "post",
  path: "/api/sign-in-address",
  summary: "A URL that signs in one browser, once",
  responses: answers(200, SignInAddressShape, "The address"),
});

const watchRoute = createRoute({
  method: "post",
  path: "/api/watch",
  summary: "Tell what somebody is looking at, so that it is synced more often",
  request: { body: { required: true, content: { "application/json": { schema: WatchInput } } } },
  responses: answers(200, WatchShape, "Reported; repeat before the lease expires", [400, 404, 409, 413, 415]),
});

export type SessionRoutesOptions = {
  readonly services: Services;
  readonly watching: Watching;
  readonly startedAt: number;
  readonly signInAddress: () => string;
};

export function addSessionRoutes(app: OpenAPIHono<ServerEnv>, options: SessionRoutesOptions): void {
  const { services, watching, startedAt } = options;

  app.openapi(healthRoute, (c) => {
    const uptime = Math.max(0, Math.floor((services.clock.now() - startedAt) / 1000));
    return c.json({ status: "ok" as const, version: services.version, uptime }, 200);
  });

  app.openapi(addressRoute, (c) => c.json({ url: options.signInAddress() }, 200));

  app.openapi(watchRoute, async (c) => {
    const { client, board, issue } = c.req.valid("json");
    let issueId: number | null = null;
    try {
      if (issue !== null)
        issueId = (await resolveRef(issue, { trackers: services.trackers, board: services.store.board })).id;
    } finally {
      // A missing issue must not end the board's watch.
      watching.say(client, { board, issueId });
    }
    return c.json({ leaseMs: watching.leaseMs }, 200);
  });
}
