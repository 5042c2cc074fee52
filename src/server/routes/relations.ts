import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { RelationInput } from "../contract/change.ts";
import { ChangedIssueShape } from "../contract/issue.ts";
import { RefParam } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { toIssueShape } from "../shapes/issue-shape.ts";
import { toRefContext } from "../find/ref-context.ts";
import { resolveRef } from "../find/resolve-ref.ts";
import type { Services } from "../services.ts";
import { answers, failures } from "./responses.ts";

const addRoute = createRoute({
  method: "post",
  path: "/api/issues/{ref}/relations",
  summary: "Link an issue to another one, of any tracker; `parent`: the other one is its parent",
  request: { params: RefParam, body: { required: true, content: { "application/json": { schema: RelationInput } } } },
  responses: answers(201, ChangedIssueShape, "The issue as shown now", [400, 403, 404, 409, 413, 415, 422]),
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/issues/{ref}/relations/{id}",
  summary: "Remove a relation; the parent's id is `parent`",
  request: { params: RefParam.extend({ id: z.string().max(500) }) },
  responses: { ...failures([403, 404, 409, 422]), 204: { description: "Removed" } },
});

export function addRelationRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store, changes } = services;
  const resolve = (ref: string) => resolveRef(ref, toRefContext(services));

  app.openapi(addRoute, async (c) => {
    const { id } = await resolve(c.req.valid("param").ref);
    const { type, ref: other } = c.req.valid("json");
    const by = c.get("by");
    await changes.relate(id, type, other, by);
    return c.json({ ...toIssueShape(await store.board.card(id)), change: by.change }, 201);
  });

  app.openapi(removeRoute, async (c) => {
    const { ref, id: relationId } = c.req.valid("param");
    await changes.unrelate((await resolve(ref)).id, relationId, c.get("by"));
    return c.body(null, 204);
  });
}
