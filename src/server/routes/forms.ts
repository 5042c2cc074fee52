import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { toMovesShape, toSourceFormShape } from "../shapes/change-shape.ts";
import { MovesShape, SourceFormShape } from "../contract/change.ts";
import { RefParam } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { toRefContext } from "../find/ref-context.ts";
import { resolveRef } from "../find/resolve-ref.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

const formRoute = createRoute({
  method: "get",
  path: "/api/form",
  summary: "The choices for a new issue of a source, or for an edit",
  request: { query: z.object({ source: z.string().openapi({ param: { description: "A source's id or key" } }) }) },
  responses: answers(200, SourceFormShape, "The form", [400, 404, 503]),
});

const movesRoute = createRoute({
  method: "get",
  path: "/api/issues/{ref}/moves",
  summary: "The moves an issue can make; its tracker is asked if the workflow decides",
  request: { params: RefParam },
  responses: answers(200, MovesShape, "One entry per status", [404, 409, 503]),
});

export function addFormRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { changes } = services;
  app.openapi(formRoute, async (c) => c.json(toSourceFormShape(await changes.form(c.req.valid("query").source)), 200));

  app.openapi(movesRoute, async (c) => {
    const { id } = await resolveRef(c.req.valid("param").ref, toRefContext(services));
    return c.json(toMovesShape(await changes.moves(id)), 200);
  });
}
