import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { toOperationShape } from "../shapes/change-shape.ts";
import { OperationShape, OutboxShape, ResolveInput, RetryInput } from "../contract/change.ts";
import { PageQuery } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { pageOf } from "../shapes/page-of.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

const params = z.object({
  id: z.coerce
    .number<string>()
    .int()
    .positive()
    .openapi({ param: { description: "The entry's number" } }),
});

const listRoute = createRoute({
  method: "get",
  path: "/api/outbox",
  summary:
    "Changes on their way to the trackers, those that need the user first; finished ones only if they left twins",
  request: { query: PageQuery },
  responses: answers(200, OutboxShape, "One page of the outbox and the true total", [400]),
});

const retryRoute = createRoute({
  method: "post",
  path: "/api/outbox/{id}/retry",
  summary: "Send an entry again; `transition` and `fields` provide what it requires",
  request: { params, body: { required: false, content: { "application/json": { schema: RetryInput } } } },
  responses: answers(200, OperationShape, "The entry", [400, 404, 409, 410, 413, 415]),
});

const dropRoute = createRoute({
  method: "post",
  path: "/api/outbox/{id}/drop",
  summary:
    "Give up an entry, or keep the twins of a written one; refused while it is being sent or its outcome is unknown",
  request: { params },
  responses: answers(200, OperationShape, "The entry", [404, 409]),
});

const closeRoute = createRoute({
  method: "post",
  path: "/api/outbox/{id}/close",
  summary: "Cancel the twins that a lost response left behind, or delete those of a comment",
  request: { params },
  responses: answers(200, OperationShape, "The entry", [403, 404, 409, 422, 503]),
});

const resolveConflictRoute = createRoute({
  method: "post",
  path: "/api/outbox/{id}/resolve",
  summary: "Resolve a conflict: `mine` or `theirs` for each field",
  request: { params, body: { required: true, content: { "application/json": { schema: ResolveInput } } } },
  responses: answers(200, OperationShape, "The entry", [400, 404, 409, 413, 415]),
});

export function addOutboxRoutes(app: OpenAPIHono<ServerEnv>, { changes }: Services): void {
  app.openapi(listRoute, async (c) => {
    const { items, ...page } = pageOf(await changes.outboxIds(), c.req.valid("query"), String);
    return c.json({ operations: (await changes.outbox(items)).map(toOperationShape), ...page }, 200);
  });

  app.openapi(retryRoute, async (c) => {
    const entry = await changes.retry(c.req.valid("param").id, c.req.valid("json"));
    return c.json(toOperationShape(entry), 200);
  });

  app.openapi(dropRoute, async (c) => c.json(toOperationShape(await changes.drop(c.req.valid("param").id)), 200));

  app.openapi(closeRoute, async (c) =>
    c.json(toOperationShape(await changes.closeTwins(c.req.valid("param").id, c.get("by"))), 200),
  );

  app.openapi(resolveConflictRoute, async (c) => {
    const entry = await changes.resolve(c.req.valid("param").id, c.req.valid("json"));
    return c.json(toOperationShape(entry), 200);
  });
}
