import type { SourceKeyDefinition } from "../domain/credentials.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import { statuses } from "../domain/status.ts";
import type { DispatchRules, WorkspaceSettings } from "../domain/work-settings.ts";
import type { TrackerKeys } from "./config.ts";
import { historyPattern, parseHistory } from "./duration.ts";
import { flag, located, mapOf, oneOrMany, record, text, type Located, type Shape } from "./shape.ts";
import { checkPath, dispatchShape, workspaceShape } from "./work-shape.ts";

export const idPattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

/** Checks a project's or connection's id. */
export function checkId(id: string): string | null {
  return new RegExp(idPattern).test(id)
    ? null
    : "is not a valid id: use letters, digits, dots, hyphens and underscores, at most 64 characters";
}

function checkHistory(value: string): string | null {
  return parseHistory(value) === undefined ? 'must be like "90d", "12w", "6m", "1y" or "all"' : null;
}

/** An entry of projects.yaml as read, before it is checked against connections and other projects. */
export type ProjectEntry = {
  readonly name?: string;
  readonly path?: Located<string>;
  readonly connections?: ReadonlyMap<string, Located<string>>;
  readonly issuePrefix?: string;
  readonly defaultBranch?: string;
  readonly agent?: string;
  readonly shadow?: boolean;
  readonly history?: string;
  readonly workspace?: Partial<WorkspaceSettings>;
  readonly signals?: boolean;
  readonly states?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** By source key: `github_repo`. */
  readonly sources: ReadonlyMap<string, readonly Located<string>[]>;
  /** By qualifier key: `rally_workspace`. */
  readonly qualifiers: ReadonlyMap<string, Located<string>>;
};

const fixedKeys = {
  name: text({ description: "The project's name on the board; default: its id." }),
  path: located(
    text({ description: "The local git checkout; without one, the project is board-only.", check: checkPath }),
  ),
  issue_prefix: text({
    description: "The word before # or ! in refs; default: the repository's name.",
    check: (value) => (/^[\w.-]+$/.test(value) ? null : "must be letters, digits, dots, hyphens and underscores"),
    schema: { pattern: "^[\\w.-]+$" },
  }),
  default_branch: text({ description: "The branch that work starts from; default: main." }),
  agent: text({ description: "The default agent for this project's issues." }),
  shadow: flag("true: moves stay local, and the tracker keeps its own states; other changes are written."),
  history: text({
    description:
      'How long closed issues stay mirrored after their last change: "90d" (the default), "12w", "6m", "1y" or "all".',
    check: checkHistory,
    schema: { type: "string", pattern: historyPattern },
  }),
  workspace: workspaceShape,
  signals: flag("false: agents and pull or merge requests do not change their issue's status."),
};

function checkWith(check: SourceKeyDefinition["check"]): (value: string) => string | null {
  return (value) => {
    const checked = check(value);
    return checked.ok ? null : `cannot be used: ${checked.message}`;
  };
}

/** The shape of a project in projects.yaml; the source keys come from the trackers. */
function projectShape(trackers: readonly TrackerKeys[]): Shape<ProjectEntry> {
  const sourceKeys = Object.fromEntries(
    trackers.flatMap((tracker) =>
      tracker.sourceKeys.map((definition) => [
        definition.key,
        oneOrMany(
          located(
            text({
              description: `${tracker.label} ${definition.label.toLowerCase()}, or a list: ${definition.placeholder}`,
              check: checkWith(definition.check),
            }),
          ),
        ),
      ]),
    ),
  );
  const qualifierKeys = Object.fromEntries(
    trackers.flatMap((tracker) =>
      tracker.sourceKeys.flatMap(({ qualifier, key }) =>
        qualifier === undefined
          ? []
          : [
              [
                qualifier.key,
                located(
                  text({
                    description: `${tracker.label} ${qualifier.label.toLowerCase()} that contains ${key}: ${qualifier.placeholder}`,
                    check: checkWith(qualifier.check),
                  }),
                ),
              ] as const,
            ],
      ),
    ),
  );
  const statusNames = Object.fromEntries(
    statuses.map((status) => [
      status,
      text({ description: `The native state, or label:NAME, that maps to ${status}.` }),
    ]),
  );
  const perTracker = <T>(shape: (tracker: TrackerKeys) => Shape<T>, description: string) =>
    record(Object.fromEntries(trackers.map((tracker) => [tracker.id, shape(tracker)])), description);

  const connections = perTracker(
    (tracker) =>
      located(text({ description: `A ${tracker.label} connection named in config.yaml instead of the default one.` })),
    "Connections named in config.yaml, per tracker.",
  );
  const states = perTracker(
    (tracker) => record(statusNames, `Overrides of the status mapping detected in ${tracker.label}.`),
    "Overrides of the detected status mapping, per tracker.",
  );
  const shape = record({ ...sourceKeys, ...qualifierKeys, ...fixedKeys, connections, states });

  return {
    schema: shape.schema,
    read(node, source, at) {
      const values = shape.read(node, source, at);
      if (values === undefined) return undefined;
      const known = record(fixedKeys);
      // Source keys are only known at run time, so the type of the reader for all keys cannot contain them.
      const fixed = values as NonNullable<ReturnType<typeof known.read>>;
      const loose = values as Readonly<Record<string, unknown>>;
      const sources = new Map(
        Object.keys(sourceKeys).flatMap((key) =>
          loose[key] === undefined ? [] : [[key, loose[key] as readonly Located<string>[]] as const],
        ),
      );
      const qualifiers = new Map(
        Object.keys(qualifierKeys).flatMap((key) =>
          loose[key] === undefined ? [] : [[key, loose[key] as Located<string>] as const],
        ),
      );
      const connectionNames = loose["connections"] as Readonly<Record<string, Located<string>>> | undefined;
      const overrides = loose["states"] as Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
      return {
        ...(fixed.name !== undefined && { name: fixed.name }),
        ...(fixed.path !== undefined && { path: fixed.path }),
        ...(fixed.issue_prefix !== undefined && { issuePrefix: fixed.issue_prefix }),
        ...(fixed.default_branch !== undefined && { defaultBranch: fixed.default_branch }),
        ...(fixed.agent !== undefined && { agent: fixed.agent }),
        ...(fixed.shadow !== undefined && { shadow: fixed.shadow }),
        ...(fixed.history !== undefined && { history: fixed.history }),
        ...(fixed.workspace !== undefined && { workspace: fixed.workspace }),
        ...(fixed.signals !== undefined && { signals: fixed.signals }),
        ...(connectionNames !== undefined && { connections: new Map(Object.entries(connectionNames)) }),
        ...(overrides !== undefined && { states: new Map(Object.entries(overrides)) }),
        sources,
        qualifiers,
      };
    },
  };
}

/** The projects of projects.yaml by id. */
export type ProjectEntries = ReadonlyMap<string, Located<ProjectEntry>>;

export type ProjectsFile = { readonly projects: ProjectEntries; readonly dispatch: DispatchRules | null };

export const emptyProjectsFile: ProjectsFile = { projects: new Map(), dispatch: null };

/** The whole projects.yaml. */
export function projectsFileShape(trackers: readonly TrackerKeys[]): Shape<ProjectsFile> {
  const shape = record(
    {
      projects: mapOf(projectShape(trackers), {
        description: "Projects by id.",
        checkKey: checkId,
        keySchema: { pattern: idPattern },
      }),
      dispatch: located(dispatchShape),
    },
    "What Panopticon shows on its board: ~/.panopticon/projects.yaml.",
  );
  return {
    schema: shape.schema,
    read(node, source, at) {
      const values = shape.read(node, source, at);
      if (values === undefined) return undefined;
      const { projects = new Map(), dispatch } = values;
      for (const id of dispatch?.value.when.project ?? []) {
        if (projects.has(id)) continue;
        const near = nearestWord(id, [...projects.keys()]);
        source.report(
          "warning",
          dispatch?.offset ?? at.offset,
          `"dispatch" names a project that does not exist: ${id}`,
          near === undefined
            ? "Its issues start no agents until it is listed under projects:."
            : `Did you mean "${near}"?`,
        );
      }
      return { projects, dispatch: dispatch?.value ?? null };
    },
  };
}
