import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import { ViewInput, ViewShape, ViewsShape } from "../contract/project.ts";
import type { ServerEnv } from "../env.ts";
import { checkViewQuery } from "../read-filter.ts";
import type { Services } from "../services.ts";
import { answers, failures } from "./responses.ts";

const listRoute = createRoute({
  method: "get",
  path: "/api/views",
  summary: "Saved views",
  responses: answers(200, ViewsShape, "The views in their order"),
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
  responses: { ...failures([404]), 204: { description: "It is gone" } },
});

export function addViewRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store } = services;

  app.openapi(listRoute, async (c) => {
    const views = await store.views.list();
    return c.json({ views: views.map(({ id, name, query }) => ({ id, name, query })) }, 200);
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
