import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Person } from "../../domain/issue.ts";
import type { Source, SourceSchema } from "../tracker.ts";
import { type Attribute, wordsOf } from "./attributes.ts";
import type { RallyClient } from "./client.ts";
import { artifactFields } from "./fields.ts";
import { learnTags } from "./learned.ts";
import { toCycle, toPerson, toSourceInfo } from "./map.ts";
import { detectMapping, toPriorities } from "./mapping.ts";
import type { RallyParts } from "./parts.ts";
import { oidOf } from "./schema.ts";
import type { Places, ProjectScope } from "./scope.ts";
import { toStates } from "./states.ts";
import { toIssueTypes } from "./issue-types.ts";
import type { ArtifactType } from "./workflow.ts";
import { findRights } from "./rights.ts";

/** A project's workflow as its workspace defines it, and everything that its items refer to. Throws `not_found`. */
export async function describeProject(
  parts: RallyParts,
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const { client, places, learned } = parts;
  const scope = await places.scopeOf(source, signal);
  const [project, types] = await Promise.all([fetchProject(client, scope, signal), places.refreshTypes(scope, signal)]);
  // The attributes come first, because their allowed values are requested after them.
  const [attributes, flowStates, tags, team, iterations, releases, writable, remarks] = await Promise.all([
    fetchTypes(places, scope, types, signal),
    client.fetchFlowStates(scope, signal),
    places.tagsOf(scope, signal),
    findTeam(client, scope, signal),
    client.fetchIterations(scope, signal),
    client.fetchReleases(scope, signal),
    findRights(parts, scope, signal),
    findRemarks(client, scope, types, signal),
  ]);
  const words = (kind: ArtifactType["kind"], name: string) =>
    [...attributes].flatMap(([type, own]) => (type.kind === kind ? wordsOf(own, name) : []));
  const states = toStates({
    scheduleStates: words("story", "ScheduleState"),
    defectStates: words("defect", "State"),
    taskStates: words("task", "State"),
    flowStates,
    types,
    project: scope.project,
  });
  const labels = tags.map(({ ObjectID, Name }) => ({ id: String(ObjectID), name: Name, color: null }));
  learnTags(learned, scope.workspace, labels);
  const priorities = toPriorities(words("defect", "Priority"));
  const { mapping, warnings } = detectMapping(states, labels, priorities, overrides);
  return {
    info: toSourceInfo(project, scope.workspace, client.baseUrl),
    vocabulary: {
      states: states.map(({ kind: _kind, status: _status, isOdd: _isOdd, ...state }) => state),
      labels,
      people: team.people,
      cycles: [
        ...iterations.map((one) => toCycle("iteration", one)),
        ...releases.map((one) => toCycle("release", one)),
      ],
      priorities,
    },
    mapping,
    types: toIssueTypes(attributes, team.people),
    writable,
    warnings: [...remarks, ...team.warnings, ...warnings],
  };
}

async function fetchProject(client: RallyClient, scope: ProjectScope, signal: AbortSignal | undefined) {
  const project = await client.fetchProject(scope.project, signal).catch((error: unknown) => {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    throw new PanopticonError(
      "not_found",
      `There is no project ${scope.project} in Rally, or the key's user has no access to it.`,
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
    `The project ${project.Name} (${scope.project}) is in workspace ${workspace}, not in ${scope.workspace}.`,
    {
      tracker: "rally",
      hint: `Write "rally_workspace: ${workspace}" in projects.yaml, or set RALLY_WORKSPACE to it.`,
      candidates: [`${workspace}/${scope.project}`],
    },
  );
}

/** Rally's warnings about the list that every run reads; a run itself cannot report them. */
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

/** null for an irrelevant warning, such as advice about a newer form of a URL. */
function toWarning(text: string): PanopticonError | null {
  if (!/ignor|could not|cannot|not authorized|default workspace|limited|truncat/i.test(text)) return null;
  return new PanopticonError("invalid_response", `Rally sent a warning with the list of items: ${text}`, {
    tracker: "rally",
    hint: "The list may be incomplete. Check the workspace, the project and the permissions of the key.",
  });
}

/** The attributes that define the workflow. */
const workflowWords: Readonly<Record<ArtifactType["kind"], readonly string[]>> = {
  story: ["ScheduleState"],
  defect: ["State", "Priority"],
  task: ["State"],
  portfolio: [],
};

/** The attributes of each type; a workspace has its own values and fields. */
async function fetchTypes(
  places: Places,
  scope: ProjectScope,
  types: readonly ArtifactType[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<ArtifactType, readonly Attribute[]>> {
  const found = await Promise.all(
    types.map(
      async (type) => [type, await places.refreshAttributes(scope, type, workflowWords[type.kind], signal)] as const,
    ),
  );
  return new Map(found);
}

/** The users that can own work. Only the picker needs this list, because owners come with the items, so a refusal becomes a warning. */
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
    const warning = new PanopticonError("forbidden", "Rally does not show who belongs to the project's team.", {
      tracker: "rally",
      hint: "Only people who already own an item or wrote one are offered.",
      request: error.request,
      cause: error,
    });
    return { people: [], warnings: [warning] };
  }
}
