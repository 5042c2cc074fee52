import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { toPanopticonError } from "../../domain/error.ts";
import { CommentsShape, IssueDetailShape, IssueHistoryShape } from "../contract/issue.ts";
import type { ProblemShape } from "../contract/problem.ts";
import { CommentsQuery, IssueHistoryQuery, IssueQuery, RefParam } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { toCommentShape, toIssueChangeShape, toNullableTime } from "../shapes/issue-shape.ts";
import { withoutKnownBlocks } from "../shapes/comment-blocks.ts";
import { pageOf } from "../shapes/page-of.ts";
import { toProblem } from "../problem.ts";
import { toRefContext } from "../find/ref-context.ts";
import { readHistoryPage } from "../find/read-history-page.ts";
import { readIssueDetail } from "../find/read-issue-detail.ts";
import { type FoundIssue, resolveRef } from "../find/resolve-ref.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

const issueRoute = createRoute({
  method: "get",
  path: "/api/issues/{ref}",
  summary: "One issue",
  request: { params: RefParam, query: IssueQuery },
  responses: answers(200, IssueDetailShape, "The issue as it is mirrored", [400, 404, 409]),
});

const commentsRoute = createRoute({
  method: "get",
  path: "/api/issues/{ref}/comments",
  summary: "An issue's comments; the first page fetches them from its tracker",
  request: { params: RefParam, query: CommentsQuery },
  responses: answers(
    200,
    CommentsShape,
    "One page of the comments and the true total; with `problem` if the tracker could not be reached",
    [400, 404, 409],
  ),
});

const issueHistoryRoute = createRoute({
  method: "get",
  path: "/api/issues/{ref}/history",
  summary: "What happened to an issue, newest first",
  request: { params: RefParam, query: IssueHistoryQuery },
  responses: answers(200, IssueHistoryShape, "One page of its changes and their true total", [400, 404, 409]),
});

export function addIssueRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store, sync, log } = services;
  const resolve = (ref: string): Promise<FoundIssue> => resolveRef(ref, toRefContext(services));

  app.openapi(issueRoute, async (c) => {
    const { id } = await resolve(c.req.valid("param").ref);
    const issue = await readIssueDetail(services, id);
    return c.json({ ...issue, ...withoutKnownBlocks(issue.comments, c.req.valid("query").known) }, 200);
  });

  app.openapi(issueHistoryRoute, async (c) => {
    const { id } = await resolve(c.req.valid("param").ref);
    const { entries, total, cursor } = await readHistoryPage(store, id, c.req.valid("query"));
    return c.json({ history: entries.map(toIssueChangeShape), total, cursor }, 200);
  });

  app.openapi(commentsRoute, async (c) => {
    const { id, ref } = await resolve(c.req.valid("param").ref);
    const query = c.req.valid("query");
    let problem: ProblemShape | null = null;
    try {
      if (query.cursor === undefined) await sync.refreshIssue(id, c.req.raw.signal);
    } catch (error) {
      log.warn({ err: toPanopticonError(error), ref }, "comments could not be fetched");
      problem = toProblem(error);
    }
    const [issue, comments] = await Promise.all([store.board.detail(id), store.comments.list(id)]);
    const { items, ...page } = pageOf(comments, query, (comment) => comment.id);
    const shape: CommentsShape = {
      ...withoutKnownBlocks(items.map(toCommentShape), query.known),
      ...page,
      fetchedAt: toNullableTime(issue.commentsAt),
      problem,
    };
    return c.json(shape, 200);
  });
}
