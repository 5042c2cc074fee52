import type { Config } from "../config/config.ts";
import { type AskedPrograms, readConfig } from "../config/read-config.ts";
import { createRunCommand } from "../config/run-command.ts";
import { trackers } from "../trackers/registry.ts";
import type { Surroundings } from "./app.ts";

/** Loads the current configuration; runs git and the credential helpers in `programs`. */
export function loadConfig({ paths, env, cwd }: Surroundings, programs: AskedPrograms = "all"): Promise<Config> {
  return readConfig({ paths, env, cwd, trackers, runCommand: createRunCommand(env), programs });
}
