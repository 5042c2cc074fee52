import type { ConnectionConfig } from "../domain/credentials.ts";
import { findCheckout, toCheckoutProject } from "./checkout.ts";
import { configFileShape, type ConfigEntry } from "./config-shape.ts";
import type { Config, ConfigProblem, Paths, Project, TrackerKeys } from "./config.ts";
import { askPrograms, readDefaultConnection, readNamedConnection, type ConnectionSources } from "./connections.ts";
import { findOpenMode, readEnvFile } from "./env-file.ts";
import { userHome, type Environment } from "./paths.ts";
import { emptyProjectsFile, projectsFileShape, type ProjectsFile } from "./projects-shape.ts";
import { toDefaultProjects } from "./default-projects.ts";
import { toProjects } from "./projects.ts";
import type { RunCommand } from "./run-command.ts";
import { createVariables, variableName, type Variables } from "./variables.ts";
import { hasErrors, quietly, readYamlFile, type YamlFile } from "./yaml-file.ts";
import { isParsed } from "./yaml-text.ts";

const defaultHost = "127.0.0.1";
const defaultPort = 3011;

export type ReadConfigOptions = {
  readonly paths: Paths;
  readonly env: Environment;
  /** The current folder: without a projects.yaml, the git checkout around it is the project. */
  readonly cwd: string;
  readonly trackers: readonly TrackerKeys[];
  /** Runs git, and the programs that may have credentials; null: no other program is started, and the files of those programs are not read. */
  readonly runCommand: RunCommand | null;
  /** Which programs are asked for credentials; default: all. */
  readonly programs?: AskedPrograms;
};

/**
 * Which programs to ask for credentials and wait for: those of all connections, those of connections that projects have sources of (of all if there are no
 * projects), those plus the ones of a connection or tracker with this name, or none.
 */
export type AskedPrograms = "all" | "used" | "none" | { readonly usedAnd: string };

/** Reads the environment and the three files. Never throws for their content: see `problems`. */
export function readConfig(options: ReadConfigOptions): Promise<Config> {
  return createConfigReader(options)(options.programs);
}

/**
 * A reader that remembers the last error-free version of each YAML file, which stays in force while an edit is broken. On the first read, the valid parts of a
 * broken file are used, unless it is not YAML at all.
 */
export function createConfigReader(
  options: Omit<ReadConfigOptions, "programs">,
): (programs?: AskedPrograms) => Promise<Config> {
  const { paths, env, trackers, runCommand } = options;
  let goodConfig: YamlFile<ConfigEntry> | null = null;
  let goodProjects: YamlFile<ProjectsFile> | null = null;

  async function readProjects(
    file: YamlFile<ProjectsFile> | null,
    connections: readonly ConnectionConfig[],
  ): Promise<readonly Project[]> {
    if (file === null) {
      goodProjects = null;
      const checkout = runCommand === null ? null : await findCheckout(options.cwd, runCommand);
      const project = checkout && toCheckoutProject(checkout, trackers, connections);
      return withDefaults(project ? [project] : [], connections);
    }
    const complete = ({ value, text }: YamlFile<ProjectsFile>) =>
      toProjects(value.projects, {
        trackers,
        connections,
        userHome: userHome(env),
        configFile: paths.configFile,
        note: text.report,
      });
    // Checking the errors comes after this, which also detects inconsistent entries.
    const projects = complete(file);
    // It is unknown what a broken file was meant to contain, so no defaults are added.
    if (hasErrors(file)) {
      return goodProjects === null ? projects : withDefaults(complete(quietly(goodProjects)), connections);
    }
    goodProjects = file;
    return withDefaults(projects, connections);
  }

  const withDefaults = (projects: readonly Project[], connections: readonly ConnectionConfig[]) => [
    ...projects,
    ...toDefaultProjects(trackers, connections, projects),
  ];

  const complete = (
    connections: readonly ConnectionConfig[],
    projects: readonly Project[],
    programs: AskedPrograms,
  ): Promise<readonly ConnectionConfig[]> => {
    const used = new Set(projects.flatMap(({ sources }) => sources.map(({ connection }) => connection)));
    const isAsked = ({ id, tracker }: ConnectionConfig) =>
      programs === "all" ||
      (programs !== "none" && (projects.length === 0 || used.has(id))) ||
      (typeof programs === "object" && [id, tracker].includes(programs.usedAnd));
    return Promise.all(
      connections.map(async (connection) =>
        runCommand !== null && isAsked(connection) ? askPrograms(connection, runCommand, env) : connection,
      ),
    );
  };

  return async (programs = "all") => {
    const envFile = readEnvFile(paths.envFile);
    const variables = createVariables(env, envFile);

    const configFile = readYamlFile(paths.configFile, configFileShape(trackers), { connections: new Map() });
    const broken = configFile !== null && hasErrors(configFile);
    if (!broken) goodConfig = configFile;
    const inForce = broken && goodConfig !== null ? quietly(goodConfig) : configFile;
    const sources = { variables, envFile: paths.envFile, configFile: paths.configFile };
    const written = readConnections(inForce, trackers, sources);

    const projectsFile = readYamlFile(paths.projectsFile, projectsFileShape(trackers), emptyProjectsFile);
    const projects = await readProjects(projectsFile, written);
    const connections = await complete(written, projects, programs);

    const settings = readSettings(inForce, variables);
    const secretsInside = connections.some(({ tracker, origins }) =>
      trackers.some(
        ({ id, credentialFields }) =>
          id === tracker && credentialFields.some(({ name, secret }) => secret && origins[name]?.kind === "config"),
      ),
    );
    const problems: readonly ConfigProblem[] = [
      ...envFile.problems,
      ...(secretsInside ? findOpenMode(paths.configFile) : []),
      ...sayWhatIsInForce(configFile, goodConfig),
      ...sayWhatIsInForce(projectsFile, goodProjects),
    ];
    return {
      projects,
      connections,
      ...settings,
      agents: toProfiles(inForce?.value.agents),
      // If the file was broken from the start, it is unknown what should start.
      dispatch: goodProjects?.value.dispatch ?? null,
      problems,
    };
  };
}

function toProfiles(entries: ConfigEntry["agents"]): Config["agents"] {
  return Object.fromEntries([...(entries ?? [])].map(([id, { value }]) => [id, value]));
}

/** The problems of a file; its errors state what is used until they are fixed. */
function sayWhatIsInForce<T>(file: YamlFile<T> | null, good: YamlFile<T> | null): readonly ConfigProblem[] {
  if (file === null) return [];
  const used =
    good !== null
      ? "the previous settings stay in force"
      : isParsed(file.text)
        ? "only the valid parts of this file are used"
        : "nothing in this file is used; issues already mirrored stay";
  return file.text.problems.map((problem) => {
    if (problem.severity !== "error") return problem;
    return { ...problem, hint: [problem.hint, `Until it is fixed, ${used}.`].filter(Boolean).join(" ") };
  });
}

function readConnections(
  file: YamlFile<ConfigEntry> | null,
  trackers: readonly TrackerKeys[],
  sources: ConnectionSources,
): readonly ConnectionConfig[] {
  const named = [...(file?.value.connections ?? [])].flatMap(([id, { value }]) => {
    const tracker = trackers.find((candidate) => candidate.id === value.tracker);
    if (tracker === undefined || file === null) return [];
    return [readNamedConnection(id, value, tracker, { ...sources, note: file.text.report })];
  });
  return [...trackers.map((tracker) => readDefaultConnection(tracker, sources)), ...named];
}

function readSettings(
  file: YamlFile<ConfigEntry> | null,
  variables: Variables,
): Pick<Config, "server" | "databaseUrl" | "sync" | "mcp"> {
  const entry = file?.value;
  const written = entry?.database;
  const name = written && variableName(written.value);
  const named = name === undefined ? written?.value : variables([name])?.value;
  if (written !== undefined && named === undefined) {
    file?.text.report("error", written.offset, `$${name} is not set, so the database address is missing`);
  }
  return {
    server: {
      host: entry?.host ?? defaultHost,
      port: entry?.port ?? defaultPort,
      publicUrl: entry?.publicUrl ?? null,
    },
    databaseUrl: variables(["DATABASE_URL"])?.value ?? named ?? null,
    sync: { minIntervalMs: entry?.minIntervalMs ?? null },
    mcp: { reach: entry?.reach ?? "linked" },
  };
}
