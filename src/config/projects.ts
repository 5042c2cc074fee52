import { statSync } from "node:fs";
import { join } from "node:path";
import type { ConnectionConfig, SourceKeyDefinition } from "../domain/credentials.ts";
import { readFailure } from "../domain/file-error.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import type { SourceConfig } from "../domain/source.ts";
import { defaultWorkSettings } from "../domain/work-settings.ts";
import type { Project, TrackerKeys } from "./config.ts";
import { parseHistory } from "./duration.ts";
import { given } from "./default-projects.ts";
import { defaultBranch, defaultHistory, sourceId } from "./project-of-one.ts";
import type { ProjectEntry } from "./projects-shape.ts";
import type { Located } from "./shape.ts";
import { completeWorkspace } from "./work-shape.ts";

/** Reports a problem at an offset of projects.yaml. */
type Note = (severity: "error" | "warning", offset: number, message: string, hint?: string) => void;

export type ProjectContext = {
  readonly trackers: readonly TrackerKeys[];
  /** Connections by id, which a project's `connections:` may name. */
  readonly connections: readonly Pick<ConnectionConfig, "id" | "tracker" | "values">[];
  readonly userHome: string;
  readonly configFile: string;
  readonly note: Note;
};

/** Completes the entries of projects.yaml. The first of two projects with the same source keeps it, also if they use different accounts for it. */
export function toProjects(
  entries: ReadonlyMap<string, Located<ProjectEntry>>,
  context: ProjectContext,
): readonly Project[] {
  const owners = new Map<string, SourceConfig>();
  return [...entries].map(([id, entry]) => toProject(id, entry, context, owners));
}

function toProject(
  id: string,
  { value: entry, offset }: Located<ProjectEntry>,
  context: ProjectContext,
  owners: Map<string, SourceConfig>,
): Project {
  const name = entry.name ?? id;
  const history = entry.history ?? defaultHistory;
  const sources = context.trackers.flatMap((tracker) =>
    tracker.sourceKeys.flatMap((definition) =>
      readSourceKeys(tracker, definition, entry, context).flatMap(({ connection, ...written }): SourceConfig[] => {
        const source: SourceConfig = {
          id: sourceId(tracker.id, connection, written.value),
          tracker: tracker.id,
          connection,
          project: id,
          projectName: name,
          key: written.value,
          refPrefix: definition.refPrefix(written.value, entry.issuePrefix),
          historyMs: parseHistory(history) ?? null,
          stateOverrides: entry.states?.get(tracker.id) ?? {},
          shadow: entry.shadow ?? false,
        };
        const identity = identify(source, definition, context);
        const owner = owners.get(identity);
        if (owner !== undefined) {
          const message =
            owner.project === id
              ? `project "${id}" names ${written.value} twice`
              : `projects "${owner.project}" and "${id}" both name ${written.value} with the ${
                  owner.connection === connection
                    ? `connection "${connection}"`
                    : `connections "${owner.connection}" and "${connection}" to the same server`
                }`;
          context.note(
            "error",
            written.offset,
            message,
            "Remove it from one of them; an issue belongs to one project.",
          );
          return [];
        }
        owners.set(identity, source);
        return [source];
      }),
    ),
  );
  if (entry.sources.size === 0 && entry.qualifiers.size === 0) {
    const keys = context.trackers.flatMap((tracker) => tracker.sourceKeys.map(({ key }) => key));
    context.note(
      "warning",
      offset,
      `project "${id}" names no source, so it has no issues`,
      `Add ${keys.join(" or ")}.`,
    );
  }
  return {
    id,
    name,
    path: entry.path === undefined ? null : expandPath(entry.path, context),
    sources,
    issuePrefix: entry.issuePrefix ?? null,
    defaultBranch: entry.defaultBranch ?? defaultBranch,
    agent: entry.agent ?? null,
    shadow: entry.shadow ?? false,
    history,
    work: {
      workspace: completeWorkspace(entry.workspace, (path) => expandHome(path, context.userHome)),
      signals: entry.signals ?? defaultWorkSettings.signals,
    },
  };
}

/** The same for two sources that are one: the same key on the same server, whichever account reads it. All trackers compare owners and teams case-insensitively. */
function identify(
  { tracker, connection, key, id }: SourceConfig,
  { perAccount = false }: SourceKeyDefinition,
  { connections }: ProjectContext,
): string {
  const server = connections.find((one) => one.id === connection)?.values["server"];
  if (perAccount || server === undefined) return id.toLowerCase();
  return `${tracker} ${server.replace(/\/+$/, "")} ${key}`.toLowerCase();
}

type SourceKey = Located<string> & { readonly connection: string };

/** A project's sources for one source key, in the tracker's canonical form; missing parts come from the connection. */
function readSourceKeys(
  tracker: TrackerKeys,
  definition: SourceKeyDefinition,
  entry: ProjectEntry,
  context: ProjectContext,
): readonly SourceKey[] {
  const { qualifier: own, defaults, canonical } = definition;
  const qualifier = own === undefined ? undefined : entry.qualifiers.get(own.key);
  const written = entry.sources.get(definition.key) ?? [];
  if (written.length === 0 && qualifier === undefined) return [];
  const connection = connectionOf(tracker, entry, context);
  if (connection === null) return [];
  if (canonical === undefined) return written.map((one) => ({ ...one, connection }));
  const values = context.connections.find(({ id }) => id === connection)?.values ?? {};
  const around = qualifier?.value ?? given(values, defaults?.qualifier);
  const named = written.length > 0 ? written : [{ value: null, offset: qualifier?.offset ?? 0 }];
  return named.flatMap(({ value, offset }) => {
    const key = canonical(value ?? given(values, defaults?.value), around);
    if (key !== null) return [{ value: key, offset, connection }];
    context.note(
      "error",
      offset,
      `"${own?.key ?? definition.key}" alone does not name a ${definition.label.toLowerCase()}`,
      `Add ${definition.key}, such as ${definition.placeholder}.`,
    );
    return [];
  });
}

/** The connection for a project's sources of a tracker; null if the named one cannot be used. */
function connectionOf(tracker: TrackerKeys, entry: ProjectEntry, context: ProjectContext): string | null {
  const named = entry.connections?.get(tracker.id);
  if (named === undefined || named.value === tracker.id) return tracker.id;
  const found = context.connections.find(({ id }) => id === named.value);
  if (found?.tracker === tracker.id) return found.id;
  const fitting = context.connections.filter((one) => one.tracker === tracker.id).map(({ id }) => id);
  if (found !== undefined) {
    context.note(
      "error",
      named.offset,
      `"${named.value}" is a connection to ${found.tracker}, not to ${tracker.label}`,
    );
  } else {
    const near = nearestWord(named.value, fitting);
    context.note(
      "error",
      named.offset,
      `there is no connection "${named.value}"${near === undefined ? "" : `; did you mean "${near}"?`}`,
      `Define it under connections: in ${context.configFile}, or remove this line to use the default one.`,
    );
  }
  return null;
}

const expandHome = (path: string, home: string) => (/^~($|[\\/])/.test(path) ? join(home, path.slice(1)) : path);

function expandPath(written: Located<string>, context: ProjectContext): string {
  const path = expandHome(written.value, context.userHome);
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      context.note("warning", written.offset, `folder not found: ${path}`);
    }
  } catch (error) {
    context.note("warning", written.offset, `the folder ${path} cannot be used: ${readFailure(error)}`);
  }
  return path;
}
