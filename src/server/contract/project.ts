import { z } from "@hono/zod-openapi";

export const ProjectShape = z
  .object({
    id: z.string(),
    name: z.string(),
    path: z.string().nullable(),
    sources: z.array(z.object({ id: z.string(), tracker: z.string(), connection: z.string(), key: z.string() })),
    issuePrefix: z.string().nullable(),
    defaultBranch: z.string(),
    agent: z.string().nullable(),
    shadow: z.boolean(),
    history: z.string(),
  })
  .openapi("Project");

export type ProjectShape = z.infer<typeof ProjectShape>;

export const ProjectsShape = z.object({ projects: z.array(ProjectShape) }).openapi("Projects");

export type ProjectsShape = z.infer<typeof ProjectsShape>;

/** The keys of projects.yaml, as they stand there; `github_repo` and the like take a value or a list. */
export const ProjectInput = z.record(z.string(), z.unknown()).openapi("ProjectInput");

export const ViewShape = z.object({ id: z.string(), name: z.string(), query: z.string() }).openapi("View");
export type ViewShape = z.infer<typeof ViewShape>;

export const ViewsShape = z.object({ views: z.array(ViewShape) }).openapi("Views");

export type ViewsShape = z.infer<typeof ViewsShape>;

export const ViewInput = z
  .object({ name: z.string().min(1).max(80), query: z.string().max(2000) })
  .openapi("ViewInput");

/** As ProjectInput, with the project's id; without one it is made from the name. */
export const NewProjectInput = z.looseObject({ id: z.string().optional() }).openapi("NewProjectInput");
