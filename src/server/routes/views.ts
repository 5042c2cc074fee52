import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import { ViewInput, ViewPatch, ViewShape, ViewsShape } from "../contract/project.ts";
import { PageQuery } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import type { EventHub } from "../events/event-hub.ts";
import { pageOf } from "../shapes/page-of.ts";
import { checkViewQuery } from "../request/read-filter.ts";
import type { Services } from "../services.ts";
import { answers, failures } from "./responses.ts";

const Id = z.object({ id: z.string().max(200) });

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
  responses: answers(201, ViewShape, "The saved view", [400, 409, 413, 415]),
});

const changeRoute = createRoute({
  method: "patch",
  path: "/api/views/{id}",
  summary: "Change a saved view's name, query or position",
  request: { params: Id, body: { required: true, content: { "application/json": { schema: ViewPatch } } } },
  responses: answers(200, ViewShape, "The view as it is now", [400, 404, 409, 413, 415]),
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/views/{id}",
  summary: "Remove a saved view",
  request: { params: Id },
  responses: { ...failures([404]), 204: { description: "Removed" } },
});

/** Each change is told to all open pages through `hub`. */
export function addViewRoutes(app: OpenAPIHono<ServerEnv>, services: Services, hub: Pick<EventHub, "tell">): void {
  const { store } = services;
  const tell = (id: string) => hub.tell(`view ${id}`, "view", { id });
  const noSuchView = (id: string) => new PanopticonError("not_found", `There is no saved view “${id}”.`);

  app.openapi(listRoute, async (c) => {
    const { items, ...page } = pageOf(await store.views.list(), c.req.valid("query"), ({ id }) => id);
    return c.json({ views: [...items], ...page }, 200);
  });

  app.openapi(addRoute, async (c) => {
    const input = c.req.valid("json");
    checkViewQuery(input.query, services);
    const view = await store.views.create(input);
    tell(view.id);
    return c.json(view, 201, { location: `/api/views/${encodeURIComponent(view.id)}` });
  });

  app.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid("param");
    const patch = c.req.valid("json");
    // An unchanged query may name a project that is gone; its view can still be renamed and moved.
    if (patch.query !== undefined) checkViewQuery(patch.query, services);
    const view = await store.views.change(id, patch);
    if (view === null) throw noSuchView(id);
    tell(id);
    return c.json(view, 200);
  });

  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid("param");
    if (!(await store.views.remove(id))) throw noSuchView(id);
    tell(id);
    return c.body(null, 204);
  });
}
