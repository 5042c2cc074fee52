import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import { CommentInput, NewCommentInput } from "../contract/change.ts";
import { ChangedCommentShape, type CommentShape } from "../contract/issue.ts";
import { RefParam } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { toCommentShape } from "../shapes/issue-shape.ts";
import { toRefContext } from "../find/ref-context.ts";
import { resolveRef } from "../find/resolve-ref.ts";
import type { Services } from "../services.ts";
import { answers, failures } from "./responses.ts";

const body = { required: true, content: { "application/json": { schema: CommentInput } } };
const newBody = { required: true, content: { "application/json": { schema: NewCommentInput } } };
const oneComment = RefParam.extend({ id: z.string().max(500) });

const addRoute = createRoute({
  method: "post",
  path: "/api/issues/{ref}/comments",
  summary: "Add a comment to an issue",
  request: { params: RefParam, body: newBody },
  responses: answers(
    201,
    ChangedCommentShape,
    "The comment, not yet in the tracker; its id is local until its tracker has it",
    [400, 403, 404, 409, 413, 415, 422],
  ),
});

const editRoute = createRoute({
  method: "patch",
  path: "/api/issues/{ref}/comments/{id}",
  summary: "Edit a comment of your own",
  request: { params: oneComment, body },
  responses: answers(200, ChangedCommentShape, "The comment as shown now", [400, 403, 404, 409, 413, 415, 422, 503]),
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/issues/{ref}/comments/{id}",
  summary: "Delete a comment of your own",
  request: { params: oneComment },
  responses: { ...failures([403, 404, 409, 422, 503]), 204: { description: "Deleted here; the tracker follows" } },
});

export function addCommentRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store, changes } = services;
  const resolve = (ref: string) => resolveRef(ref, toRefContext(services));
  const comment = async (issueId: number, commentId: string): Promise<CommentShape> => {
    const found = (await store.comments.list(issueId)).find(({ id }) => id === commentId);
    if (found !== undefined) return toCommentShape(found);
    throw new PanopticonError("not_found", "The comment was written or deleted in the meantime.", {
      hint: "Fetch the issue's comments again.",
    });
  };

  app.openapi(addRoute, async (c) => {
    const { id } = await resolve(c.req.valid("param").ref);
    const by = c.get("by");
    const written = c.req.valid("json");
    const { commentId } = await changes.comment(id, written.body, by, written.replyTo);
    return c.json({ ...(await comment(id, commentId)), change: by.change }, 201);
  });

  app.openapi(editRoute, async (c) => {
    const { ref, id: written } = c.req.valid("param");
    const { id } = await resolve(ref);
    const by = c.get("by");
    const { commentId } = await changes.editComment(id, written, c.req.valid("json").body, by);
    return c.json({ ...(await comment(id, commentId)), change: by.change }, 200);
  });

  app.openapi(removeRoute, async (c) => {
    const { ref, id: commentId } = c.req.valid("param");
    await changes.deleteComment((await resolve(ref)).id, commentId, c.get("by"));
    return c.body(null, 204);
  });
}
