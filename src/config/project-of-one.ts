import type { SourceKeyDefinition } from "../domain/credentials.ts";
import { defaultWorkSettings } from "../domain/work-settings.ts";
import type { Project } from "./config.ts";
import { parseHistory } from "./duration.ts";

export const defaultHistory = "90d";
export const defaultBranch = "main";

/** `github:myorg/myapp`, or with the connection's name before it. */
export function sourceId(tracker: string, connection: string, key: string): string {
  return connection === tracker ? `${tracker}:${key}` : `${connection}/${tracker}:${key}`;
}

/** The one source that makes a project without projects.yaml. */
export type LoneSource = {
  readonly tracker: string;
  readonly connection: string;
  /** As the tracker's own keys are written: `myorg/myapp`. */
  readonly key: string;
  readonly definition: Pick<SourceKeyDefinition, "refPrefix"> | undefined;
};

/** A project that stands in no file: one source, and all else by default. */
export function projectOfOne(
  { id, name, path }: Pick<Project, "id" | "name" | "path">,
  { tracker, connection, key, definition }: LoneSource,
): Project {
  return {
    id,
    name,
    path,
    sources: [
      {
        id: sourceId(tracker, connection, key),
        tracker,
        connection,
        project: id,
        projectName: name,
        key,
        refPrefix: definition?.refPrefix(key, undefined) ?? "",
        historyMs: parseHistory(defaultHistory) ?? null,
        stateOverrides: {},
        shadow: false,
      },
    ],
    issuePrefix: null,
    defaultBranch,
    agent: null,
    shadow: false,
    history: defaultHistory,
    work: defaultWorkSettings,
  };
}
