import type { EmulatorDefinition } from "./definition.ts";
import { gitHubEmulator } from "./github/index.ts";
import { gitLabEmulator } from "./gitlab/index.ts";
import { jiraEmulator } from "./jira/index.ts";
import { linearEmulator } from "./linear/index.ts";
import { rallyEmulator } from "./rally/index.ts";

/** One entry per tracker; everything that lists emulators derives from it. */
export const emulatorDefinitions: readonly EmulatorDefinition[] = [
  gitHubEmulator,
  linearEmulator,
  gitLabEmulator,
  jiraEmulator,
  rallyEmulator,
];
