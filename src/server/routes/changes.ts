import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { BulkInput, BulkResultShape, IssueDraft, IssuePatch, UndoInput, UndoResultShape } from "../contract/change.ts";
import { ChangedIssueShape, CreatedIssueShape, type IssueShape } from "../contract/issue.ts";
import { RefParam } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { toIssueShape } from "../shapes/issue-shape.ts";
import { toProblem } from "../problem.ts";
import { toUndoResultShape } from "../shapes/undo-shape.ts";
import { toRefContext } from "../find/ref-context.ts";
import { resolveRef } from "../find/resolve-ref.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

const createIssueRoute = createRoute({
  method: "post",
  path: "/api/issues",
  summary: "Create an issue; until its tracker names it, its ref is like `new-7`, which keeps working afterwards",
  request: { body: { required: true, content: { "application/json": { schema: IssueDraft } } } },
  responses: answers(
    201,
    CreatedIssueShape,
    "The issue, not yet in its tracker",
    [400, 403, 404, 409, 413, 415, 422, 503],
  ),
});

const editRoute = createRoute({
  method: "patch",
  path: "/api/issues/{ref}",
  summary: "Change an issue; values equal to those shown are not a change",
  request: { params: RefParam, body: { required: true, content: { "application/json": { schema: IssuePatch } } } },
  responses: answers(200, ChangedIssueShape, "The issue as shown now", [400, 403, 404, 409, 413, 415, 422, 503]),
});

const bulkRoute = createRoute({
  method: "post",
  path: "/api/issues/bulk",
  summary: "Change many issues in the same way; the changes are undone together",
  request: { body: { required: true, content: { "application/json": { schema: BulkInput } } } },
  responses: answers(200, BulkResultShape, "The result for each", [400, 413, 415]),
});

const undoRoute = createRoute({
  method: "post",
  path: "/api/undo",
  summary: "Undo the caller's last change, a named one, or the latest one in an outbox entry",
  request: { body: { required: false, content: { "application/json": { schema: UndoInput } } } },
  responses: answers(200, UndoResultShape, "What was undone", [400, 403, 404, 409, 413, 415, 422, 503]),
});

export function addChangeRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store, changes } = services;
  const resolve = (ref: string) => resolveRef(ref, toRefContext(services));
  const issue = async (id: number): Promise<IssueShape> => toIssueShape(await store.board.card(id));

  app.openapi(createIssueRoute, async (c) => {
    const by = c.get("by");
    const { issueId, ref, sequence } = await changes.create(c.req.valid("json"), by);
    return c.json({ ...(await issue(issueId)), change: by.change, sequence }, 201, {
      location: `/api/issues/${encodeURIComponent(ref)}`,
    });
  });

  app.openapi(editRoute, async (c) => {
    const { id } = await resolve(c.req.valid("param").ref);
    const by = c.get("by");
    return c.json({ ...toIssueShape(await changes.edit(id, c.req.valid("json"), by)), change: by.change }, 200);
  });

  app.openapi(bulkRoute, async (c) => {
    const { refs, patch } = c.req.valid("json");
    const by = c.get("by");
    const shape: BulkResultShape = { results: [], change: by.change };
    for (const { ref, error } of await changes.bulk(refs, patch, by)) {
      shape.results.push({
        ref,
        ok: error === null,
        problem: error === null ? null : toProblem(error),
        issue: error === null ? await issue((await resolve(ref)).id) : null,
      });
    }
    return c.json(shape, 200);
  });

  app.openapi(undoRoute, async (c) => {
    const { change, operation } = c.req.valid("json");
    const what = change !== undefined ? { change } : operation !== undefined ? { operation } : undefined;
    return c.json(toUndoResultShape(await changes.undo(c.get("by"), what)), 200);
  });
}
