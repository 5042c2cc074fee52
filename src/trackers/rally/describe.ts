import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Person } from "../../domain/issue.ts";
import type { Source, SourceSchema } from "../tracker.ts";
import type { RallyClient } from "./client.ts";
import { artifactFields } from "./fields.ts";
import { toCycle, toPerson, toSourceInfo } from "./map.ts";
import { detectMapping, toPriorities } from "./mapping.ts";
import { oidOf } from "./schema.ts";
import type { Places, ProjectScope } from "./scope.ts";
import { toStates, type Workflow } from "./states.ts";
import type { ArtifactType } from "./workflow.ts";

/** A project's workflow as its workspace defines it, and everything its items refer to. Throws `not_found`. */
export async function describeProject(
  client: RallyClient,
  places: Places,
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const scope = await places.scopeOf(source, signal);
  const project = await fetchProject(client, scope, signal);
  const types = await places.refreshTypes(scope.workspace, signal);
  const [remarks, words, flowStates, tags, team, iterations, releases] = await Promise.all([
    findRemarks(client, scope, types, signal),
    fetchWords(client, scope, types, signal),
    client.fetchFlowStates(scope, signal),
    client.fetchTags(scope.workspace, signal),
    findTeam(client, scope, signal),
    client.fetchIterations(scope, signal),
    client.fetchReleases(scope, signal),
  ]);
  const states = toStates({ ...words, flowStates, types });
  const labels = tags.map(({ ObjectID, Name }) => ({ id: String(ObjectID), name: Name, color: null }));
  const priorities = toPriorities(words.priorities);
  const { mapping, warnings } = detectMapping(states, labels, priorities, overrides);
  return {
    info: toSourceInfo(project, scope.workspace, client.baseUrl),
    vocabulary: {
      states: states.map(({ id, name, category, position }) => ({ id, name, category, position })),
      labels,
      people: team.people,
      cycles: [
        ...iterations.map((one) => toCycle("iteration", one)),
        ...releases.map((one) => toCycle("release", one)),
      ],
      priorities,
    },
    mapping,
    types: [],
    writable: { allowed: null, reason: null },
    warnings: [...remarks, ...team.warnings, ...warnings],
  };
}

async function fetchProject(client: RallyClient, scope: ProjectScope, signal: AbortSignal | undefined) {
  const project = await client.fetchProject(scope.project, signal).catch((error: unknown) => {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    throw new PanopticonError(
      "not_found",
      `There is no project ${scope.project} in Rally, or the key's user may not see it.`,
      {
        tracker: "rally",
        hint: "Check rally_project in projects.yaml (or RALLY_PROJECT), and that the key's user is a member of the project.",
        request: error.request,
      },
    );
  });
  const workspace = project.Workspace ? oidOf(project.Workspace._ref) : scope.workspace;
  if (workspace === scope.workspace) return project;
  throw new PanopticonError(
    "not_found",
    `The project ${project.Name} (${scope.project}) lies in workspace ${workspace}, not in ${scope.workspace}.`,
    {
      tracker: "rally",
      hint: `Write "rally_workspace: ${workspace}" in projects.yaml, or set RALLY_WORKSPACE to it.`,
      candidates: [`${workspace}/${scope.project}`],
    },
  );
}

/** What Rally remarks about the list that every run reads; a run itself has nobody to tell it to. */
async function findRemarks(
  client: RallyClient,
  scope: ProjectScope,
  types: readonly ArtifactType[],
  signal: AbortSignal | undefined,
): Promise<readonly PanopticonError[]> {
  const paths = types.map(({ path }) => path);
  const page = await client.fetchPage(
    { path: "artifact", types: paths, scope, fetch: artifactFields, size: 1 },
    signal,
  );
  return page.warnings.flatMap((text) => toWarning(text) ?? []);
}

/** null: of no consequence, such as advice about a newer way to write an address. */
function toWarning(text: string): PanopticonError | null {
  if (!/ignor|could not|cannot|not authorized|default workspace|limited|truncat/i.test(text)) return null;
  return new PanopticonError("invalid_response", `Rally remarks about the list of items: ${text}`, {
    tracker: "rally",
    hint: "What is shown may be incomplete. Check the workspace, the project and the rights of the key.",
  });
}

type Words = Omit<Workflow, "flowStates" | "types"> & { readonly priorities: readonly string[] };

/** The allowed values of the types' attributes: a workspace has schedule states of its own. */
async function fetchWords(
  client: RallyClient,
  { workspace }: ProjectScope,
  types: readonly ArtifactType[],
  signal: AbortSignal | undefined,
): Promise<Words> {
  const valuesOf = async (kind: ArtifactType["kind"], attributes: readonly string[]) => {
    const type = types.find((one) => one.kind === kind);
    return type === undefined
      ? new Map<string, readonly string[]>()
      : client.fetchAllowedValues(workspace, type.oid, attributes, signal);
  };
  const [story, defect, task] = await Promise.all([
    valuesOf("story", ["ScheduleState"]),
    valuesOf("defect", ["State", "Priority"]),
    valuesOf("task", ["State"]),
  ]);
  return {
    scheduleStates: story.get("ScheduleState") ?? [],
    defectStates: defect.get("State") ?? [],
    priorities: defect.get("Priority") ?? [],
    taskStates: task.get("State") ?? [],
  };
}

/** Who can own work. It is the picker's list alone: owners come with the items, so a refusal is said and stops nothing. */
async function findTeam(
  client: RallyClient,
  scope: ProjectScope,
  signal: AbortSignal | undefined,
): Promise<{ readonly people: readonly Person[]; readonly warnings: readonly PanopticonError[] }> {
  try {
    const members = await client.fetchTeam(scope, signal);
    return { people: members.map((member) => toPerson(member, client.baseUrl)), warnings: [] };
  } catch (error) {
    if (!isPanopticonError(error) || (error.code !== "forbidden" && error.code !== "not_found")) throw error;
    const warning = new PanopticonError("forbidden", "Rally does not tell who belongs to the project's team.", {
      tracker: "rally",
      hint: "Only people who already own an item or wrote one are offered.",
      request: error.request,
      cause: error,
    });
    return { people: [], warnings: [warning] };
  }
}
