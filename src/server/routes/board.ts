import { createHash, randomBytes } from "node:crypto";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import { BoardShape, FacetsShape, GroupsShape, IssueListShape } from "../contract/issue.ts";
import { BoardQuery, GroupsQuery, IssuesQuery } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { toIssueShape } from "../shapes/issue-shape.ts";
import { findNotMirrored } from "../shapes/not-mirrored.ts";
import { readFilter } from "../request/read-filter.ts";
import { readMe } from "../request/read-me.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

const boardRoute = createRoute({
  method: "get",
  path: "/api/board",
  summary: "The columns with their true counts and first cards",
  request: { query: BoardQuery },
  responses: {
    ...answers(200, BoardShape, "The board", [400]),
    304: { description: "Nothing changed since the ETag" },
  },
});

const issuesRoute = createRoute({
  method: "get",
  path: "/api/issues",
  summary: "A list of issues",
  request: { query: IssuesQuery },
  responses: answers(200, IssueListShape, "The issues of one page and the true total", [400]),
});

const groupsRoute = createRoute({
  method: "get",
  path: "/api/groups",
  summary: "The number of issues in each group: per assignee, cycle, project …",
  request: { query: GroupsQuery },
  responses: answers(200, GroupsShape, "The groups that have issues", [400]),
});

const facetsRoute = createRoute({
  method: "get",
  path: "/api/facets",
  summary: "Values to filter by, most used first",
  request: { query: z.object({}) },
  responses: answers(200, FacetsShape, "The values"),
});

export function addBoardRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store } = services;
  // Another run may have another database with the same sequence.
  const run = randomBytes(6).toString("base64url");

  app.openapi(boardRoute, async (c) => {
    const { limit } = c.req.valid("query");
    if (new URL(c.req.url).searchParams.has("cursor")) {
      throw new PanopticonError("invalid_input", "The board itself has no cursor.", {
        hint: "Each column has one. Pass it to GET /api/issues with the same filter and the column's status.",
      });
    }
    const { filter, sort } = readFilter(c.req.raw.url, ["limit"], services);
    // The sequence is read first: a change while the rest is read is then repeated as an event, instead of being missed.
    const sequence = await store.changes.sequence();
    const [{ me, unknown }, sources] = await Promise.all([readMe(services), store.sources.list()]);
    const notMirrored = findNotMirrored(sources, filter, unknown);
    const state = JSON.stringify([run, sequence, filter, sort, limit, me, notMirrored]);
    const etag = `W/"${createHash("sha256").update(state).digest("base64url").slice(0, 24)}"`;
    const headers = { etag, "cache-control": "private, no-cache" };
    if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
    const [columns, mirrored] = await Promise.all([
      store.board.columns({ filter, sort, limit, me }),
      store.board.total(),
    ]);
    const board: BoardShape = {
      columns: columns.map((column) => ({
        status: column.status,
        total: column.total,
        issues: column.issues.map(toIssueShape),
        cursor: column.cursor,
      })),
      sequence,
      total: columns.reduce((sum, column) => sum + column.total, 0),
      mirrored,
      notMirrored,
    };
    return c.json(board, 200, headers);
  });

  app.openapi(issuesRoute, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const { filter, sort } = readFilter(c.req.raw.url, ["limit", "cursor"], services);
    const { me } = await readMe(services);
    const window = await store.board.issues({ filter, sort, limit, cursor: cursor ?? null, me });
    const { total, byStatus, cursor: next } = window;
    const list: IssueListShape = { issues: window.issues.map(toIssueShape), total, byStatus, cursor: next };
    return c.json(list, 200);
  });

  app.openapi(groupsRoute, async (c) => {
    const { by } = c.req.valid("query");
    const { filter } = readFilter(c.req.raw.url, ["by"], services);
    const { me } = await readMe(services);
    const groups = await store.board.groups({ filter, grouping: by, me });
    return c.json({ by, groups: groups.map((group) => ({ ...group })) } satisfies GroupsShape, 200);
  });

  app.openapi(facetsRoute, async (c) => {
    const facets = await store.board.facets();
    return c.json(
      {
        labels: facets.labels.map((label) => ({ ...label })),
        assignees: facets.assignees.map((person) => ({ ...person })),
        types: facets.types.map((type) => ({ ...type })),
        cycles: facets.cycles.map((cycle) => ({ ...cycle })),
        states: facets.states.map((state) => ({ ...state })),
      } satisfies FacetsShape,
      200,
    );
  });
}
