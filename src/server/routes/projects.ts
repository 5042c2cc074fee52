import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { projectIdFrom } from "../../config/checkout.ts";
import type { Project } from "../../config/config.ts";
import { PanopticonError } from "../../domain/error.ts";
import {
  ChangedProjectShape,
  NewProjectInput,
  ProjectInput,
  ProjectShape,
  ProjectsShape,
} from "../contract/project.ts";
import { PageQuery } from "../contract/query.ts";
import type { ServerEnv } from "../env.ts";
import { findProject } from "../find/find-project.ts";
import { pageOf } from "../shapes/page-of.ts";
import { toProjectShape } from "../shapes/project-shape.ts";
import type { Services } from "../services.ts";
import { answers, failures } from "./responses.ts";

const params = z.object({ id: z.string().max(200) });
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { "application/json": { schema } },
});

const listRoute = createRoute({
  method: "get",
  path: "/api/projects",
  summary: "The projects of projects.yaml",
  request: { query: PageQuery },
  responses: answers(200, ProjectsShape, "One page of the projects and the true total", [400]),
});

const oneRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}",
  summary: "One project",
  request: { params },
  responses: answers(200, ProjectShape, "The project", [404]),
});

const addRoute = createRoute({
  method: "post",
  path: "/api/projects",
  summary: "Add a project to projects.yaml",
  request: { body: body(NewProjectInput) },
  responses: answers(201, ChangedProjectShape, "The new project", [400, 404, 409, 413, 415]),
});

const changeRoute = createRoute({
  method: "patch",
  path: "/api/projects/{id}",
  summary: "Change keys of a project; null removes a key",
  request: { params, body: body(ProjectInput) },
  responses: answers(200, ChangedProjectShape, "The changed project", [400, 404, 413, 415]),
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/projects/{id}",
  summary: "Remove a project from projects.yaml",
  request: { params },
  responses: { ...failures([404]), 204: { description: "Removed" } },
});

export function addProjectRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { config } = services;

  const getProject = (id: string): Project => findProject(config.current(), id);

  app.openapi(listRoute, (c) => {
    const { items, ...page } = pageOf(config.current().projects, c.req.valid("query"), ({ id }) => id);
    return c.json({ projects: items.map(toProjectShape), ...page }, 200);
  });

  app.openapi(oneRoute, (c) => c.json(toProjectShape(getProject(c.req.valid("param").id)), 200));

  app.openapi(addRoute, async (c) => {
    const { id: written, ...keys } = c.req.valid("json");
    const id = toProjectId(written, keys["name"]);
    const unchecked = await config.addProject(id, keys);
    return c.json({ ...toProjectShape(getProject(id)), unchecked: [...unchecked] }, 201, {
      location: `/api/projects/${encodeURIComponent(id)}`,
    });
  });

  app.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid("param");
    getProject(id);
    const unchecked = await config.updateProject(id, c.req.valid("json"));
    return c.json({ ...toProjectShape(getProject(id)), unchecked: [...unchecked] }, 200);
  });

  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid("param");
    getProject(id);
    await config.removeProject(id);
    return c.body(null, 204);
  });
}

/** The caller's id, else one derived from the name. Throws `invalid_input` if there is neither. */
function toProjectId(id: string | undefined, name: unknown): string {
  if (id !== undefined && id !== "") return id;
  if (typeof name === "string" && name.trim() !== "") return projectIdFrom(name);
  throw new PanopticonError("invalid_input", "The project needs an id.", {
    hint: 'Send {"id": "myapp", …}, or a name to derive one from.',
  });
}
