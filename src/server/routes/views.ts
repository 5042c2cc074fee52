import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import { ViewInput, ViewShape, ViewsShape } from "../contract/project.ts";
import { PageQuery } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { pageOf } from "../shapes/page-of.ts";
import { checkViewQuery } from "../request/read-filter.ts";
import type { Services } from "../services.ts";
import { answers, failures } from "./responses.ts";

const listRoute = createRoute({
  method: "get",
  path: "/api/views",
  summary: "Saved views",
  request: { query: PageQuery },
  responses: answers(200, ViewsShape, "One page of the views in their order, and the true total", [400]),
});

const addRoute = createRoute({
  method: "post",
  path: "/api/views",
  summary: "Save a view; `query` is the board's query string",
  request: { body: { required: true, content: { "application/json": { schema: ViewInput } } } },
  responses: answers(201, ViewShape, "The saved view", [400, 413, 415]),
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/views/{id}",
  summary: "Remove a saved view",
  request: { params: z.object({ id: z.string().max(200) }) },
  responses: { ...failures([404]), 204: { description: "Removed" } },
});

export function addViewRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store } = services;

  app.openapi(listRoute, async (c) => {
    const { items, ...page } = pageOf(await store.views.list(), c.req.valid("query"), ({ id }) => id);
    return c.json({ views: items.map(({ id, name, query }) => ({ id, name, query })), ...page }, 200);
  });

  app.openapi(addRoute, async (c) => {
    const view = c.req.valid("json");
    checkViewQuery(view.query, services);
    const { id, name, query } = await store.views.create(view);
    return c.json({ id, name, query }, 201, { location: `/api/views/${encodeURIComponent(id)}` });
  });

  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid("param");
    if (!(await store.views.remove(id))) throw new PanopticonError("not_found", `There is no saved view “${id}”.`);
    return c.body(null, 204);
  });
}
