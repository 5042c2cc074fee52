import type { Project } from "../../config/config.ts";
import type { ProjectShape } from "../contract/project.ts";

/** A project as returned by `GET /api/projects`. */
export function toProjectShape(project: Project): ProjectShape {
  return {
    id: project.id,
    name: project.name,
    path: project.path,
    sources: project.sources.map(({ id, tracker, connection, key }) => ({ id, tracker, connection, key })),
    issuePrefix: project.issuePrefix,
    defaultBranch: project.defaultBranch,
    agent: project.agent,
    shadow: project.shadow,
    signals: project.work.signals,
    history: project.history,
  };
}
