import { configFileShape } from "./config-shape.ts";
import type { TrackerKeys } from "./config.ts";
import { projectsFileShape } from "./projects-shape.ts";
import type { JsonSchema } from "./shape.ts";

const dialect = "http://json-schema.org/draft-07/schema#";

/** JSON Schemas of the two YAML files, for editors, by file name in `schemas/`. Generated from the shapes that the reader uses. */
export function jsonSchemas(trackers: readonly TrackerKeys[]): Readonly<Record<string, JsonSchema>> {
  return {
    "projects.schema.json": {
      $schema: dialect,
      title: "Panopticon's projects.yaml",
      ...projectsFileShape(trackers).schema,
    },
    "config.schema.json": { $schema: dialect, title: "Panopticon's config.yaml", ...configFileShape(trackers).schema },
  };
}
