import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Source, SourceSchema } from "../tracker.ts";
import type { GitlabClient } from "./client.ts";
import { toCycle, toIterationCycle, toLabel, toPerson, toSourceInfo } from "./map.ts";
import { detectMapping } from "./mapping.ts";
import type { GitlabParts } from "./parts.ts";
import { projectOf } from "./project-of.ts";
import { findRights } from "./rights.ts";
import type { Iteration, Project, User } from "./schema.ts";
import { gitlabStates, isClosed, toStates } from "./states.ts";
import { isStatus } from "./status-ids.ts";
import { toIssueTypes } from "./types.ts";
import type { WorkItemType } from "./work-items/schema.ts";

/** A project's labels, members, milestones, iterations and status mapping. */
export async function describeProject(
  { client, workItems, memory }: GitlabParts,
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const found = await fetchProject(client, source, signal);
  const info = toSourceInfo(found);
  if (!info.readable) {
    throw new PanopticonError("forbidden", `Issues are disabled in ${info.key}.`, {
      tracker: "gitlab",
      hint: "Enable them under Settings → General → Visibility in GitLab, or remove the project from projects.yaml.",
    });
  }
  const project = info.id;
  const [labels, people, milestones, iterations, types, scopes] = await Promise.all([
    client.fetchLabels(project, signal),
    findMembers(client, info.key, project, signal),
    client.fetchMilestones(project, signal),
    findIterations(client, project, signal),
    workItems.fetchTypes(info.key, signal),
    client.fetchScopes(signal),
  ]);
  const ownLabels = labels.map(toLabel);
  const states = types === null ? gitlabStates : toStates(types);
  const { mapping, warnings } = detectMapping(ownLabels, overrides, states);
  const known = memory.describe(source, project);
  known.learnLabels(labels);
  known.people = people.warnings.length > 0 ? null : new Set(people.members.map(({ id }) => String(id)));
  known.severalAssignees = findSeveralAssignees(types) ?? (iterations === null ? null : true);
  known.statuses = new Map(states.filter(({ id }) => isStatus(id)).map((state) => [state.id, isClosed(state)]));
  return {
    info,
    vocabulary: {
      states,
      labels: ownLabels,
      people: people.members.map(toPerson),
      cycles: [...(iterations ?? []).map(toIterationCycle), ...milestones.map(toCycle)],
      priorities: [],
    },
    mapping,
    types: toIssueTypes(types, iterations !== null),
    writable: findRights(found, scopes, client.web),
    ...(known.severalAssignees === false && { oneAssignee: "Several assignees need a paid GitLab plan." }),
    warnings: [...renamed(source, info.key), ...people.warnings, ...warnings],
  };
}

async function fetchProject(client: GitlabClient, source: Source, signal: AbortSignal | undefined): Promise<Project> {
  try {
    return await client.fetchProject(projectOf(source), signal);
  } catch (error) {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    throw new PanopticonError(
      "not_found",
      `The project ${source.key} does not exist, or the token has no access to it.`,
      {
        tracker: "gitlab",
        hint: "Check the spelling of gitlab_project in projects.yaml (group/subgroup/project), and that the token's user is a member.",
        request: error.request,
      },
    );
  }
}

/** The users that can be assigned. Only the picker needs this list, because people on issues come with the issues, so a refusal becomes a warning. */
async function findMembers(
  client: GitlabClient,
  name: string,
  project: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly members: readonly User[]; readonly warnings: readonly PanopticonError[] }> {
  try {
    return { members: await client.fetchMembers(project, signal), warnings: [] };
  } catch (error) {
    if (!isMissing(error)) throw error;
    const warning = new PanopticonError("forbidden", `GitLab does not list the members of ${name}.`, {
      tracker: "gitlab",
      hint: "Only people who are assigned to an issue or created one are suggested.",
      cause: error,
    });
    return { members: [], warnings: [warning] };
  }
}

/** The iterations; null on plans without them, where GitLab answers 403 or 404. */
async function findIterations(
  client: GitlabClient,
  project: string,
  signal: AbortSignal | undefined,
): Promise<readonly Iteration[] | null> {
  try {
    return await client.fetchIterations(project, signal);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Depends on the plan and is stated with the types. The Community Edition, which states only who may be invited, allows one assignee. null if unknown. */
function findSeveralAssignees(types: readonly WorkItemType[] | null): boolean | null {
  const definitions = (types ?? []).flatMap((type) => type.widgetDefinitions ?? []);
  const told = definitions.find((definition) => definition.allowsMultipleAssignees != null)?.allowsMultipleAssignees;
  return told ?? (definitions.some((definition) => definition.canInviteMembers != null) ? false : null);
}

function isMissing(error: unknown): boolean {
  return isPanopticonError(error) && (error.code === "forbidden" || error.code === "not_found");
}

function renamed(source: Source, now: string): PanopticonError[] {
  if (source.key.toLowerCase() === now.toLowerCase()) return [];
  return [
    new PanopticonError("invalid_input", `The project ${source.key} is now called ${now}.`, {
      tracker: "gitlab",
      hint: `Write "gitlab_project: ${now}" in projects.yaml; until then it is found by its id.`,
      candidates: [now],
    }),
  ];
}
