import { github } from "./github/index.ts";
import { gitlab } from "./gitlab/index.ts";
import { jira } from "./jira/index.ts";
import { linear } from "./linear/index.ts";
import { rally } from "./rally/index.ts";
import type { TrackerDefinition } from "./tracker.ts";

/** One line per tracker; every list of trackers derives from this one. */
export const trackers: readonly TrackerDefinition[] = [github, linear, gitlab, jira, rally];

export function findTracker(id: string): TrackerDefinition | undefined {
  return trackers.find((tracker) => tracker.id === id);
}
