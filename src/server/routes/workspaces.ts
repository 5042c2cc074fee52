import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import {
  BegunWorkspaceShape,
  ChangesShape,
  LogShape,
  RemovedShape,
  RequestInput,
  RequestShape,
  StateShape,
  WorkspaceInput,
  WorkspaceShape,
  WorkspacesShape,
} from "../contract/work.ts";
import { PageQuery, RefParam } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { toRefContext } from "../find/ref-context.ts";
import { resolveRef } from "../find/resolve-ref.ts";
import { pageOf } from "../shapes/page-of.ts";
import type { Services } from "../services.ts";
import { findWorkIssue } from "../find/work-issue.ts";
import { toChangesShape, toRequestShape, toStateShape, toWorkspaceShape } from "../shapes/work-shape.ts";
import type { WorkspaceWithFacts } from "../../work/workspaces/workspaces.ts";
import { answers } from "./responses.ts";

const params = z.object({ id: z.coerce.number<string>().int().positive() });
const from = z.object({
  from: z.coerce
    .number<string>()
    .int()
    .default(0)
    .openapi({ param: { description: "In bytes; negative values count from the end" } }),
});

const listRoute = createRoute({
  method: "get",
  path: "/api/workspaces",
  summary: "The workspaces, newest first, in their current git state",
  request: {
    query: PageQuery.extend({
      ref: RefParam.shape.ref.optional().openapi({ param: { description: "Only those of this issue" } }),
    }),
  },
  responses: answers(200, WorkspacesShape, "One page of the workspaces and the true total", [400, 404, 409]),
});

const oneRoute = createRoute({
  method: "get",
  path: "/api/workspaces/{id}",
  summary: "One workspace",
  request: { params },
  responses: answers(200, WorkspaceShape, "The workspace", [404]),
});

const createRouteOf = createRoute({
  method: "post",
  path: "/api/workspaces",
  summary: "Create a workspace for an issue, continue a failed one, or return the existing one",
  request: { body: { required: true, content: { "application/json": { schema: WorkspaceInput } } } },
  responses: answers(201, BegunWorkspaceShape, "The workspace", [400, 404, 409, 413, 415, 422]),
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/workspaces/{id}",
  summary: "Remove a workspace; refused if work would be lost, unless forced",
  request: {
    params,
    query: z.object({ force: z.enum(["true", "false"]).default("false") }),
  },
  responses: answers(200, RemovedShape, "Removed", [404, 409, 503]),
});

const logRoute = createRoute({
  method: "get",
  path: "/api/workspaces/{id}/log",
  summary: "The output of a workspace's steps",
  request: { params, query: from },
  responses: answers(200, LogShape, "The output from that point on", [404]),
});

const changesRoute = createRoute({
  method: "get",
  path: "/api/workspaces/{id}/changes",
  summary: "A workspace's changes against its base, committed or not",
  request: { params, query: z.object({ file: z.string().max(4096).optional() }) },
  responses: answers(
    200,
    ChangesShape,
    "The commits and files, with patches as far as the size limit allows",
    [404, 409],
  ),
});

const stateRoute = createRoute({
  method: "get",
  path: "/api/workspaces/{id}/state",
  summary: "A workspace's STATE.md",
  request: { params },
  responses: answers(200, StateShape, "The text", [404]),
});

const requestRoute = createRoute({
  method: "post",
  path: "/api/workspaces/{id}/request",
  summary: "Push a workspace's branch and open a pull or merge request that links its issue, or return the open one",
  request: { params, body: { required: false, content: { "application/json": { schema: RequestInput } } } },
  responses: answers(200, RequestShape, "The request", [400, 404, 409, 413, 415, 422, 502]),
});

const stopPushRoute = createRoute({
  method: "delete",
  path: "/api/workspaces/{id}/request",
  summary: "End the push that is under way to open a request",
  request: { params },
  responses: answers(200, WorkspaceShape, "The workspace; the push ends within seconds", [404, 409]),
});

export function addWorkspaceRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { workspaces, requests } = services.work;
  const shapeOf = (workspace: WorkspaceWithFacts) => toWorkspaceShape(workspace, requests.push(workspace.id));

  app.openapi(listRoute, async (c) => {
    const { ref, ...wanted } = c.req.valid("query");
    const issue = ref === undefined ? undefined : await resolveRef(ref, toRefContext(services));
    const { items, ...page } = pageOf(await workspaces.ids(issue?.id), wanted, String);
    return c.json({ workspaces: (await workspaces.list(items)).map(shapeOf), ...page }, 200);
  });

  app.openapi(oneRoute, async (c) => c.json(shapeOf(await workspaces.get(c.req.valid("param").id)), 200));

  app.openapi(createRouteOf, async (c) => {
    const { ref, wait } = c.req.valid("json");
    const { projectId, issue } = await findWorkIssue(ref, services);
    const { workspace, logFrom, ready } = await workspaces.create(projectId, issue);
    if (wait) await ready;
    const shape = { ...shapeOf(await workspaces.get(workspace.id)), logFrom };
    return c.json(shape, 201, { location: `/api/workspaces/${workspace.id}` });
  });

  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid("param");
    const force = c.req.valid("query").force === "true";
    return c.json(await services.work.removeWorkspace(id, { force }), 200);
  });

  app.openapi(changesRoute, async (c) => {
    const changes = await workspaces.changes(c.req.valid("param").id, c.req.valid("query").file);
    return c.json(toChangesShape(changes), 200);
  });

  app.openapi(stateRoute, async (c) => c.json(toStateShape(await workspaces.state(c.req.valid("param").id)), 200));

  app.openapi(requestRoute, async (c) => {
    const { draft = false, ...wish } = (c.req.valid("json") as z.infer<typeof RequestInput> | undefined) ?? {};
    return c.json(toRequestShape(await requests.open(c.req.valid("param").id, { ...wish, draft })), 200);
  });

  app.openapi(stopPushRoute, async (c) => {
    const workspace = await workspaces.get(c.req.valid("param").id);
    requests.stopPush(workspace.id);
    return c.json(shapeOf(workspace), 200);
  });

  app.openapi(logRoute, async (c) => {
    const { id } = c.req.valid("param");
    await workspaces.get(id);
    return c.json(workspaces.log(id, c.req.valid("query").from), 200);
  });
}
