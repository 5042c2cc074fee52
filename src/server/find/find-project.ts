import type { Config, Project } from "../../config/config.ts";
import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";

/** The project with this id. Throws `not_found` with the nearest one. */
export function findProject({ projects }: Pick<Config, "projects">, id: string): Project {
  const project = projects.find((candidate) => candidate.id === id);
  if (project !== undefined) return project;
  const known = projects.map((candidate) => candidate.id);
  const nearest = nearestWord(id, known);
  throw new PanopticonError("not_found", `There is no project called “${id}”.`, {
    hint:
      nearest !== undefined
        ? `Did you mean “${nearest}”?`
        : known.length === 0
          ? "No projects yet. Add one with pan project add."
          : `Available: ${known.join(", ")}.`,
    candidates: nearest === undefined ? known : [nearest],
  });
}
