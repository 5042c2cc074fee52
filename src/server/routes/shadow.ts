import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { BulkResultShape } from "../contract/change.ts";
import { KeptMovesQuery } from "../contract/query.ts";
import { KeptDropInput, KeptMovesShape, KeptSendInput } from "../contract/shadow.ts";
import type { ServerEnv } from "../env.ts";
import type { Services } from "../services.ts";
import { toBulkResults } from "../shapes/bulk-result.ts";
import { toKeptMoveShape } from "../shapes/kept-move-shape.ts";
import { findProject } from "../find/find-project.ts";
import { pageOf } from "../shapes/page-of.ts";
import { answers } from "./responses.ts";

const listRoute = createRoute({
  method: "get",
  path: "/api/shadow",
  summary: "Moves that stayed here because of shadow mode, the latest first",
  request: { query: KeptMovesQuery },
  responses: answers(200, KeptMovesShape, "One page of the moves and the true total", [400]),
});

const sendRoute = createRoute({
  method: "post",
  path: "/api/shadow/send",
  summary: "Send moves that stayed here to their trackers: of `refs`, of a `project`, or all",
  request: { body: { required: true, content: { "application/json": { schema: KeptSendInput } } } },
  responses: answers(200, BulkResultShape, "The result for each", [400, 404, 409, 413, 415]),
});

const dropRoute = createRoute({
  method: "post",
  path: "/api/shadow/drop",
  summary: "Give up moves that stayed here; the trackers' states are shown again",
  request: { body: { required: true, content: { "application/json": { schema: KeptDropInput } } } },
  responses: answers(200, BulkResultShape, "The result for each", [400, 404, 409, 413, 415]),
});

export function addShadowRoutes(app: OpenAPIHono<ServerEnv>, { changes, store, config }: Services): void {
  /** Refuses an unknown project, with the nearest known one. */
  const check = <Choice extends { readonly project?: string | undefined }>(choice: Choice): Choice => {
    if (choice.project !== undefined) findProject(config.current(), choice.project);
    return choice;
  };

  app.openapi(listRoute, async (c) => {
    const { project, ...query } = check(c.req.valid("query"));
    const moves = (await changes.keptMoves({ project })).map(toKeptMoveShape);
    const { items, ...page } = pageOf(moves, query, ({ address }) => address);
    return c.json({ moves: [...items], ...page }, 200);
  });

  app.openapi(sendRoute, async (c) => {
    const { refs, project, ...answer } = check(c.req.valid("json"));
    const by = c.get("by");
    const settled = await changes.sendKept({ refs, project }, answer, by);
    return c.json({ results: await toBulkResults(settled, store), change: by.change }, 200);
  });

  app.openapi(dropRoute, async (c) => {
    const by = c.get("by");
    const settled = await changes.dropKept(check(c.req.valid("json")), by);
    return c.json({ results: await toBulkResults(settled, store), change: by.change }, 200);
  });
}
