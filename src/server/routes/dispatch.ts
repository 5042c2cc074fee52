import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { DispatchShape } from "../contract/dispatch.ts";
import { toDispatchShape } from "../shapes/dispatch-shape.ts";
import type { ServerEnv } from "../env.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

const planRoute = createRoute({
  method: "get",
  path: "/api/dispatch",
  summary: "Which issues dispatch has claimed, which would start now, and why other matching issues would not",
  responses: answers(200, DispatchShape, "The state of dispatch"),
});

const lookRoute = createRoute({
  method: "post",
  path: "/api/dispatch",
  summary: "Run a turn of dispatch now, and answer when it is done",
  responses: answers(200, DispatchShape, "The state of dispatch afterwards"),
});

export function addDispatchRoutes(app: OpenAPIHono<ServerEnv>, { dispatch, config }: Services): void {
  // Whoever has just edited the rules asks about the new ones.
  app.openapi(planRoute, async (c) => {
    await config.caughtUp();
    return c.json(toDispatchShape(await dispatch.plan()), 200);
  });

  app.openapi(lookRoute, async (c) => {
    await config.caughtUp();
    await dispatch.look();
    return c.json(toDispatchShape(await dispatch.plan()), 200);
  });
}
