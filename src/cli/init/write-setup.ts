import { rmSync } from "node:fs";
import { writeFileAtomically } from "../../config/atomic-file.ts";
import { setCredentials } from "../../config/edit-credentials.ts";
import { setVariables } from "../../config/edit-env.ts";
import { addProject } from "../../config/edit-projects.ts";
import { userHome } from "../../config/paths.ts";
import { trackers } from "../../trackers/registry.ts";
import { readOptional } from "../../work/read-optional.ts";
import type { Context } from "../context.ts";
import { editAlone } from "../edit-alone.ts";
import { loadConfig } from "../load-config.ts";
import type { Setup } from "./setup.ts";

/** Writes both files, or restores them and throws the reason. */
export function writeSetup(context: Context, setup: Setup): Promise<void> {
  return editAlone(context, () => write(context, setup));
}

async function write(context: Context, { connections, variables, project }: Setup): Promise<void> {
  const { paths, env } = context;
  const before = readOptional(paths.envFile);
  try {
    for (const { tracker, connection, entered } of connections) {
      if (Object.keys(entered).length > 0) {
        setCredentials(entered, { tracker, connection, envFile: paths.envFile });
      }
    }
    setVariables(paths.envFile, variables);
    if (project !== null) {
      const { connections: known } = await loadConfig(context, "none");
      const surroundings = { connections: known, userHome: userHome(env), configFile: paths.configFile };
      addProject(project.id, project.values, { projectsFile: paths.projectsFile, trackers, surroundings });
    }
  } catch (error) {
    if (before === null) rmSync(paths.envFile, { force: true });
    else writeFileAtomically(paths.envFile, before);
    throw error;
  }
}
