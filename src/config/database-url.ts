import { existsSync } from "node:fs";
import type { Paths } from "./config.ts";
import { readEnvFile } from "./env-file.ts";
import type { Environment } from "./paths.ts";
import { createVariables, variableName } from "./variables.ts";

/**
 * The database's URL as `readConfig` finds it, without the rest of the configuration: for commands that only read the mirror. null: the file at
 * `paths.databaseFile`. Loads no YAML code if there is no config.yaml.
 */
export async function readDatabaseUrl(paths: Paths, env: Environment): Promise<string | null> {
  const variables = createVariables(env, readEnvFile(paths.envFile));
  const set = variables(["DATABASE_URL"])?.value;
  if (set !== undefined) return set;
  if (!existsSync(paths.configFile)) return null;
  const [{ record, text }, { readYamlFile }] = await Promise.all([import("./shape.ts"), import("./yaml-file.ts")]);
  const file = readYamlFile(paths.configFile, record({ database: text({ description: "" }) }), {});
  const written = file?.value.database;
  const name = written && variableName(written);
  return (name === undefined ? written : variables([name])?.value) ?? null;
}
