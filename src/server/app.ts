import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { PanopticonError } from "../domain/error.ts";
import { allowedMethods, isApiPath } from "./request/api-path.ts";
import { createDoors } from "./access/doors.ts";
import type { ServerEnv } from "./env.ts";
import type { EventHub } from "./events/event-hub.ts";
import { setHeader } from "./request/outgoing-header.ts";
import { problemResponse } from "./problem.ts";
import { addAgentRoutes } from "./routes/agents.ts";
import { addBoardRoutes } from "./routes/board.ts";
import { createIdempotency } from "./request/idempotency.ts";
import { sayFaultsInWords, toRequestError } from "./contract/request-fault.ts";
import { namePlacesInHints } from "./request/name-places-in-hints.ts";
import { limitBody } from "./request/limit-body.ts";
import { createQueryCheck } from "./request/query-check.ts";
import { addChangeRoutes } from "./routes/changes.ts";
import { addCredentialRoutes } from "./routes/credentials.ts";
import { addCommentRoutes } from "./routes/comments.ts";
import { addDispatchRoutes } from "./routes/dispatch.ts";
import { addEventRoute } from "./routes/events.ts";
import { addFileRoute } from "./routes/files.ts";
import { addFormRoutes } from "./routes/forms.ts";
import { addHistoryRoute } from "./routes/history.ts";
import { addIssueRoutes } from "./routes/issue.ts";
import { addOutboxRoutes } from "./routes/outbox.ts";
import { addProjectStateRoutes } from "./routes/project-states.ts";
import { addProjectRoutes } from "./routes/projects.ts";
import { addRelationRoutes } from "./routes/relations.ts";
import { addSessionRoutes } from "./routes/session.ts";
import { addTerminalRoute } from "./routes/terminal.ts";
import { addTrackerRoutes } from "./routes/trackers.ts";
import { addValidateRoute } from "./routes/validate.ts";
import { addShadowRoutes } from "./routes/shadow.ts";
import { addViewRoutes } from "./routes/views.ts";
import { addWebhookRoute } from "./routes/webhooks.ts";
import { addWorkspaceRoutes } from "./routes/workspaces.ts";
import type { Services } from "./services.ts";
import type { Session } from "./access/session.ts";
import { createStaticFiles } from "./static-files.ts";
import type { Watching } from "./events/watching.ts";
import { publicHost } from "./webhook-address.ts";

/** GitLab accepts texts of a megabyte; as JSON they are longer. */
const maxBodyBytes = 4_000_000;

export type AppOptions = {
  readonly services: Services;
  readonly session: Session;
  readonly hub: EventHub;
  readonly watching: Watching;
  /** Known once the server listens. */
  readonly port: () => number;
  readonly signInAddress: () => string;
  readonly startedAt: number;
};

/** Creates the app, with every route behind its door. */
export function createApp(options: AppOptions): OpenAPIHono<ServerEnv> {
  const { services, session, hub, watching, port, signInAddress, startedAt } = options;
  const { log } = services;
  sayFaultsInWords();
  const app = new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (!result.success) throw toRequestError(result.target, result.error.issues[0]);
    },
  });

  app.onError((error, c) => {
    const response = problemResponse(error);
    const line = { err: error, method: c.req.method, path: c.req.path, status: response.status };
    if (response.status >= 500) log.error(line, "request failed");
    else log.debug(line, "request refused");
    return response;
  });
  app.notFound((c) => {
    const allowed = allowedMethods(app.routes, c.req.path);
    if (allowed.length > 0) {
      const message = `${c.req.path} does not support ${c.req.method}, only ${allowed.join(", ")}.`;
      return problemResponse(new HTTPException(405, { message }), { allow: allowed.join(", ") });
    }
    return problemResponse(
      new PanopticonError("not_found", `There is no ${c.req.method} ${c.req.path}.`, {
        hint: "See GET /api/openapi.json for all calls.",
      }),
    );
  });

  app.use(
    "*",
    createDoors({ session, port, publicHost: () => publicHost(services.config.current().server.publicUrl) }),
  );
  app.use("/api/*", namePlacesInHints(services.paths));
  app.use("/api/*", createQueryCheck(app));
  app.use("/api/*", limitBody(maxBodyBytes));
  app.use("/api/*", async (c, next) => {
    // Responses are private to the user: no cache stores them unless a call allows it.
    setHeader(c, "cache-control", "no-store");
    await next();
  });

  addSessionRoutes(app, { services, watching, startedAt, signInAddress });
  addBoardRoutes(app, services);
  addIssueRoutes(app, services);
  app.use("/api/*", createIdempotency(services));
  addChangeRoutes(app, services);
  addCommentRoutes(app, services);
  addRelationRoutes(app, services);
  addOutboxRoutes(app, services);
  addShadowRoutes(app, services);
  addWorkspaceRoutes(app, services);
  addAgentRoutes(app, services);
  addDispatchRoutes(app, services);
  addTerminalRoute(app, services);
  addFormRoutes(app, services);
  addFileRoute(app, services);
  addTrackerRoutes(app, services);
  addCredentialRoutes(app, services);
  addProjectRoutes(app, services);
  addProjectStateRoutes(app, services);
  addViewRoutes(app, services, hub);
  addHistoryRoute(app, services);
  addEventRoute(app, { hub });
  addWebhookRoute(app, services);
  addDocument(app, services.version);
  addValidateRoute(app, services);
  addPages(app, services.webRoot);
  return app;
}

function addDocument(app: OpenAPIHono<ServerEnv>, version: string): void {
  let document: string | undefined;
  app.get("/api/openapi.json", (c) => {
    document ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: "Panopticon",
          version,
          description: "Errors are RFC 9457 problem details with a stable `code`.",
        },
        security: [{ token: [] }, { cookie: [] }],
      }),
    );
    return c.body(document, 200, { "content-type": "application/json", "cache-control": "no-cache" });
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  app.openAPIRegistry.registerComponent("securitySchemes", "cookie", {
    type: "apiKey",
    in: "cookie",
    name: "panopticon_PORT",
  });
}

function addPages(app: OpenAPIHono<ServerEnv>, webRoot: string): void {
  const serve = createStaticFiles(webRoot);
  app.get("/*", async (c) => {
    if (isApiPath(c.req.path)) return c.notFound();
    const response = await serve({
      path: new URL(c.req.url).pathname,
      acceptEncoding: c.req.header("accept-encoding") ?? "",
      ifNoneMatch: c.req.header("if-none-match"),
    });
    return response ?? c.notFound();
  });
}
