import type { Paths } from "./config.ts";
import { readEnvFile } from "./env-file.ts";
import type { Environment } from "./paths.ts";
import { createVariables, variableName } from "./variables.ts";
import { record, text } from "./shape.ts";
import { readYamlFile } from "./yaml-file.ts";

/**
 * The address of the database, as `readConfig` finds it, without the rest of the configuration: for commands that only read the
 * mirror. null: the file at `paths.databaseFile`.
 */
export function readDatabaseUrl(paths: Paths, env: Environment): string | null {
  const variables = createVariables(env, readEnvFile(paths.envFile));
  const set = variables(["DATABASE_URL"])?.value;
  if (set !== undefined) return set;
  const file = readYamlFile(paths.configFile, record({ database: text({ description: "" }) }), {});
  const written = file?.value.database;
  const name = written && variableName(written);
  return (name === undefined ? written : variables([name])?.value) ?? null;
}
