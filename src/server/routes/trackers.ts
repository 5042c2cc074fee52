import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import {
  type SourcesShape,
  SourcesShape as SourcesSchema,
  SyncResultShape,
  TrackersShape,
} from "../contract/tracker.ts";
import { PageQuery } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { getConnections } from "../find/find-connections.ts";
import { createListedSources } from "../find/listed-sources.ts";
import { pageOf } from "../shapes/page-of.ts";
import { toProblem } from "../problem.ts";
import type { Services } from "../services.ts";
import { toTrackersShape } from "../shapes/tracker-shape.ts";
import { answers } from "./responses.ts";

const trackersRoute = createRoute({
  method: "get",
  path: "/api/trackers",
  summary: "The state of each connection, and problems in the configuration",
  responses: answers(200, TrackersShape, "The trackers"),
});

const syncRoute = createRoute({
  method: "post",
  path: "/api/trackers/{tracker}/sync",
  summary: "Sync now, and answer when done",
  request: {
    params: z.object({
      tracker: z.string().openapi({ description: "A tracker, a connection's name, or `all` of them" }),
    }),
    query: z.object({
      sweep: z
        .enum(["true", "false"])
        .optional()
        .openapi({
          param: { description: "true: also look for deleted issues, and for renamed states, labels and people" },
        }),
    }),
  },
  responses: answers(200, SyncResultShape, "What changed", [400, 404]),
});

const sourcesRoute = createRoute({
  method: "get",
  path: "/api/sources",
  summary: "The sources that the stored credentials can see",
  request: {
    query: PageQuery.extend({
      tracker: z.string().openapi({ param: { description: "A tracker, or a connection's name" } }),
    }),
  },
  responses: answers(
    200,
    SourcesSchema,
    "One page of its repositories, teams or projects, and the true total",
    [400, 404, 502],
  ),
});

export function addTrackerRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store, sync, work, config, log } = services;

  const listSources = createListedSources(services);

  const keepsCode = (connections: readonly { tracker: string }[]) =>
    services.trackers.some(
      ({ id, codeHost }) => codeHost !== undefined && connections.some(({ tracker }) => tracker === id),
    );

  app.openapi(trackersRoute, async (c) => {
    const shape = toTrackersShape({
      webhooks: services.webhooks,
      trackers: services.trackers,
      config: config.current(),
      statuses: sync.status(),
      sources: await store.sources.list(),
    });
    return c.json({ ...shape, keptMoves: await store.shadows.countLeft() }, 200);
  });

  app.openapi(syncRoute, async (c) => {
    const { tracker: written } = c.req.valid("param");
    const { connections: known } = config.current();
    const all = written === "all" && known.every(({ id }) => id !== written);
    const connections = all ? known.filter(({ missing }) => missing.length === 0) : getConnections(written, services);
    const isOne = connections.length === 1 && connections[0]?.id === written;
    const which = all ? {} : isOne ? { connection: written } : { tracker: written };
    const [result] = await Promise.all([
      sync.syncNow({ ...which, sweep: c.req.valid("query").sweep === "true" }),
      // A manual sync also updates the pull and merge requests there.
      keepsCode(connections) ? work.requests.look() : null,
    ]);
    const shape: SyncResultShape = {
      changed: result.changed,
      removed: result.removed,
      requests: result.requests,
      failures: result.failures.map(({ source, error }) => ({ source, problem: toProblem(error) })),
    };
    return c.json(shape, 200);
  });

  app.openapi(sourcesRoute, async (c) => {
    const { tracker: written, ...asked } = c.req.valid("query");
    const connections = getConnections(written, services);
    const mirroredBy = new Map(
      config
        .current()
        .projects.flatMap((project) => project.sources)
        .map((source) => [`${source.connection} ${source.key.toLowerCase()}`, source.project]),
    );
    const failures: SourcesShape["failures"] = [];
    const failed: unknown[] = [];
    const lists = await Promise.all(
      connections.map(async ({ id }) => {
        try {
          const found = await listSources(id, { isNext: asked.cursor !== undefined, signal: c.req.raw.signal });
          return found.map((source) => ({
            ...source,
            connection: id,
            project: mirroredBy.get(`${id} ${source.key.toLowerCase()}`) ?? null,
          }));
        } catch (error) {
          log.warn({ err: error, connection: id }, "sources could not be listed");
          failed.push(error);
          failures.push({ connection: id, problem: toProblem(error) });
          return [];
        }
      }),
    );
    if (failed.length === connections.length) throw failed[0];
    const { items, ...page } = pageOf(lists.flat(), asked, ({ connection, id }) => `${connection} ${id}`);
    return c.json({ sources: [...items], ...page, failures } satisfies SourcesShape, 200);
  });
}
