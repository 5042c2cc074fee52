import type { SourceKeyDefinition } from "../domain/credentials.ts";
import { defaultWorkSettings } from "../domain/work-settings.ts";
import type { Project } from "./config.ts";
import { parseHistory } from "./duration.ts";

export const defaultHistory = "90d";
export const defaultBranch = "main";

/** `github:myorg/myapp`, prefixed with the name of a named connection. */
export function sourceId(tracker: string, connection: string, key: string): string {
  return connection === tracker ? `${tracker}:${key}` : `${connection}/${tracker}:${key}`;
}

/** The single source of a project without projects.yaml. */
export type LoneSource = {
  readonly tracker: string;
  readonly connection: string;
  /** In the tracker's own form: `myorg/myapp`. */
  readonly key: string;
  readonly definition: Pick<SourceKeyDefinition, "refPrefix"> | undefined;
};

/** A project that is in no file, with one source and defaults for everything else. */
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
