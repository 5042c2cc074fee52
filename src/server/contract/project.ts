import { z } from "@hono/zod-openapi";
import { StatusName } from "./issue.ts";
import { pageShape } from "./page.ts";

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
    signals: z.boolean().openapi({ description: "Agents and pull or merge requests change the status of its issues" }),
    history: z.string(),
  })
  .openapi("Project");

export type ProjectShape = z.infer<typeof ProjectShape>;

export const ChangedProjectShape = ProjectShape.extend({
  unchecked: z.array(z.object({ source: z.string(), reason: z.string(), hint: z.string().optional() })).openapi({
    description: "New sources that could not be checked with their tracker, why, and what to do about it",
  }),
}).openapi("ChangedProject");

export type ChangedProjectShape = z.infer<typeof ChangedProjectShape>;

export const ProjectsShape = z.object({ projects: z.array(ProjectShape), ...pageShape }).openapi("Projects");

export type ProjectsShape = z.infer<typeof ProjectsShape>;

/** Only texts: a number would be written as a text and read back as another number. */
const text = z.string().nullable().optional();

/** The keys of projects.yaml as written there; `github_repo` and the like take a value or a list. */
const projectKeys = {
  name: text,
  path: text,
  issue_prefix: text,
  default_branch: text,
  agent: text,
  history: text,
};

export const ProjectInput = z.looseObject(projectKeys).openapi("ProjectInput");

/** A view's place among the saved ones. */
const Position = z.number().int().min(1).max(1_000_000);

export const ViewShape = z
  .object({
    id: z.string(),
    name: z.string(),
    query: z.string(),
    position: Position.openapi({ description: "Its place among the saved views, from 1" }),
  })
  .openapi("View");
export type ViewShape = z.infer<typeof ViewShape>;

export const ViewsShape = z.object({ views: z.array(ViewShape), ...pageShape }).openapi("Views");

export type ViewsShape = z.infer<typeof ViewsShape>;

const viewName = z.string().trim().min(1).max(80);
const viewQuery = z.string().max(2000);

export const ViewInput = z
  .object({
    name: viewName,
    query: viewQuery,
    position: Position.optional().openapi({ description: "Default: after the others" }),
  })
  .openapi("ViewInput");

/** Absent keys stay unchanged. */
export const ViewPatch = z
  .strictObject({
    name: viewName.optional(),
    query: viewQuery.optional(),
    position: Position.optional().openapi({
      description: "The place it gets among the saved views, from 1; past the end: the last",
    }),
  })
  .openapi("ViewPatch");

export type ViewPatch = z.infer<typeof ViewPatch>;

/** ProjectInput with the project's id, which by default is derived from the name. */
export const NewProjectInput = z.looseObject({ id: z.string().optional(), ...projectKeys }).openapi("NewProjectInput");

/** `states` of projects.yaml: by tracker and status, a native state or `label:NAME`. */
const StateOverrides = z
  .record(z.string(), z.record(z.string(), z.string()))
  .openapi({ example: { linear: { planning: "Spec" } } });

export const StatesInput = z.object({ states: StateOverrides }).openapi("StatesInput", {
  description: "`states` as it should be in projects.yaml; anything left out is detected again",
});

export const NewStateInput = z
  .object({
    source: z.string().openapi({ description: "A source's id" }),
    status: StatusName,
    name: z.string().trim().min(1).max(80).optional().openapi({ description: "Default: the name of the status" }),
  })
  .openapi("NewStateInput");

export const ProjectStatesShape = z
  .object({
    project: z.string(),
    states: StateOverrides.openapi({ description: "The overrides in projects.yaml" }),
    sources: z.array(
      z.object({
        id: z.string(),
        tracker: z.string(),
        name: z.string(),
        sameAs: z
          .string()
          .nullable()
          .openapi({ description: "The first source in this answer with the same workflow; null: itself" }),
        described: z.boolean().openapi({ description: "false if not read yet; the lists are then empty" }),
        nativeStates: z
          .array(
            z.object({
              id: z.string(),
              name: z.string(),
              category: z.string(),
              position: z.number(),
              status: StatusName.openapi({ description: "The status it maps to, unless a label says otherwise" }),
            }),
          )
          .openapi({ description: "In the tracker's order" }),
        labels: z.array(z.string()),
        statuses: z
          .array(
            z.object({
              status: StatusName,
              reads: z.array(
                z.object({
                  state: z.string(),
                  label: z.string().nullable().openapi({ description: "Only issues in that state with this label" }),
                  origin: z.enum(["detected", "set"]),
                  outward: z.boolean().openapi({
                    description:
                      "Issues can be moved there: to the first such one that they can have. false: only read",
                  }),
                }),
              ),
            }),
          )
          .openapi({ description: "The states that map to each of the six statuses, in order of precedence" }),
      }),
    ),
  })
  .openapi("ProjectStates");

export const StatesQuery = z.object({
  repeats: z.enum(["omit"]).optional().openapi({
    description:
      "omit: a source with `sameAs` has empty `nativeStates`, `labels` and `statuses`; those of the source it names apply",
  }),
});

export type ProjectStatesShape = z.infer<typeof ProjectStatesShape>;
