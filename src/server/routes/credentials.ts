import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import { CredentialsInput, TrackerShape } from "../contract/tracker.ts";
import type { ServerEnv } from "../env.ts";
import { findConnections } from "../find/find-connections.ts";
import type { Services } from "../services.ts";
import { toTrackersShape } from "../shapes/tracker-shape.ts";
import { answers } from "./responses.ts";

const changeRoute = createRoute({
  method: "patch",
  path: "/api/trackers/{tracker}/credentials",
  summary: "Write credentials to ~/.panopticon.env; null removes one",
  request: {
    params: z.object({ tracker: z.string().openapi({ description: "A tracker, or a connection's name" }) }),
    body: { required: true, content: { "application/json": { schema: CredentialsInput } } },
  },
  responses: answers(
    200,
    TrackerShape,
    "The connection with the new credentials; secrets are never returned",
    [400, 404, 409, 413, 415],
  ),
});

export function addCredentialRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { config, trackers, store, sync } = services;
  app.openapi(changeRoute, async (c) => {
    const { tracker: written } = c.req.valid("param");
    const named = findConnections(written, services).map(({ id }) => id);
    const connection = named.includes(written) ? written : (named[0] ?? written);
    await config.setCredentials(connection, c.req.valid("json"));
    const { trackers: shown } = toTrackersShape({
      trackers,
      config: config.current(),
      statuses: sync.status(),
      sources: await store.sources.list(),
    });
    const changed = shown.find((tracker) => tracker.connection === connection);
    if (changed === undefined) throw new PanopticonError("gone", `The connection “${connection}” is gone.`);
    return c.json(changed, 200);
  });
}
