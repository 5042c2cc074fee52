import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Cycle, NativeState } from "../../domain/issue.ts";
import type { Source, SourceSchema } from "../tracker.ts";
import type { JiraClient } from "./client.ts";
import { conditionsOf } from "./jql.ts";
import { toCategorized, toCycle, toLabel, toPerson, toSourceInfo } from "./map.ts";
import { detectMapping, toStates } from "./mapping.ts";
import type { JiraPeople } from "./people.ts";
import { findRights } from "./rights.ts";
import { type ProjectForms, toIssueType } from "./project-forms.ts";
import { projectNotFound } from "./project.ts";
import type { IssueTypeStatuses, Status, User } from "./schema.ts";

/** A project's workflow and vocabulary. Throws `not_found`. */
export async function describe(
  client: JiraClient,
  known: { readonly forms: ProjectForms; readonly people: JiraPeople },
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const site = await client.getSite(signal);
  const project = await client.findProject(source.nativeId ?? source.key, signal);
  if (project === null) throw projectNotFound(source);
  const [types, priorities, resolutions, labelNames, people, cycles, writable] = await Promise.all([
    client.fetchStatuses(project.id, signal),
    client.fetchPriorities(signal),
    client.fetchResolutions(signal),
    site.isCloud ? client.fetchAllLabels(signal) : recentLabels(client, project.id, signal),
    findAssignable(client, project.key, signal),
    findSprints(client, project.key, signal),
    findRights(client, project, signal),
    // Reads the custom fields again, to find new ones.
    client.getCustomFields(signal, true),
  ]);
  const custom = await client.getCustomFields(signal);
  const forms = await known.forms.readAll(project.id, types, signal);
  for (const user of people.users) known.people.learn(user);
  const states = toStates(statusesOf(types), resolutions);
  const labels = [...new Set(labelNames)].sort().map(toLabel);
  const { mapping, warnings } = detectMapping({ states, resolutions, priorities, labels }, overrides);
  return {
    info: toSourceInfo(project, site),
    vocabulary: { states, labels, people: people.users.map(toPerson), cycles: cycles.cycles, priorities },
    mapping,
    types: forms.map((form) => toIssueType(form, custom, site.isCloud)),
    writable,
    warnings: [...renamed(source, project.key), ...people.warnings, ...cycles.warnings, ...warnings],
  };
}

/** Each status once, with the issue types whose workflow has it, unless all do. */
function statusesOf(types: readonly IssueTypeStatuses[]): Pick<NativeState, "id" | "name" | "category" | "types">[] {
  const found = new Map<string, { readonly status: Status; readonly types: string[] }>();
  for (const { name, statuses } of types) {
    for (const status of statuses) {
      const known = found.get(status.id) ?? { status, types: [] };
      known.types.push(name);
      found.set(status.id, known);
    }
  }
  return [...found.values()].map(({ status, types: own }) => ({
    ...toCategorized(status),
    ...(own.length === types.length ? {} : { types: own }),
  }));
}

/** Data Center has no list of labels, so these are the labels of the most recently changed issues. */
async function recentLabels(client: JiraClient, projectId: string, signal: AbortSignal | undefined): Promise<string[]> {
  const jql = `${conditionsOf({ key: "", nativeId: projectId }, {})} AND labels IS NOT EMPTY ORDER BY updated DESC`;
  const { records } = await client.search({ jql, fields: ["labels"], maxResults: 1_000 }, signal);
  return records.flatMap((raw) => {
    const { fields } = raw as { fields?: { labels?: unknown } };
    const labels = fields?.labels;
    return Array.isArray(labels) ? labels.filter((label) => typeof label === "string") : [];
  });
}

/** The users that can be assigned. Only the picker needs this list, because people on issues come with the issues, so a refusal becomes a warning. */
async function findAssignable(
  client: JiraClient,
  projectKey: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly users: readonly User[]; readonly warnings: readonly PanopticonError[] }> {
  try {
    return { users: await client.fetchAssignable(projectKey, signal), warnings: [] };
  } catch (error) {
    if (!isPanopticonError(error) || (error.code !== "forbidden" && error.code !== "not_found")) throw error;
    const warning = new PanopticonError("forbidden", `Jira does not show who can be assigned in ${projectKey}.`, {
      tracker: "jira",
      hint: "Give the account the permission to browse users, or the token the scope read:jira-user. Until then, only people on issues are offered.",
      request: error.request,
      cause: error,
    });
    return { users: [], warnings: [warning] };
  }
}

/** Active and coming sprints. A Jira without Jira Software has no boards (404); a missing permission becomes a warning. */
async function findSprints(
  client: JiraClient,
  projectKey: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly cycles: readonly Cycle[]; readonly warnings: readonly PanopticonError[] }> {
  try {
    return { cycles: (await client.fetchSprints(projectKey, signal)).map(toCycle), warnings: [] };
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    if (error.code === "not_found") return { cycles: [], warnings: [] };
    if (error.code !== "forbidden" && error.code !== "auth" && error.code !== "invalid_input") throw error;
    const warning = new PanopticonError("forbidden", `Jira does not show the sprints of ${projectKey}.`, {
      tracker: "jira",
      hint: "Give the token the scopes read:board-scope:jira-software, read:project:jira and read:sprint:jira-software. Until then, only sprints of issues are known.",
      request: error.request,
      cause: error,
    });
    return { cycles: [], warnings: [warning] };
  }
}

function renamed(source: Source, now: string): PanopticonError[] {
  if (source.key.toLowerCase() === now.toLowerCase()) return [];
  return [
    new PanopticonError("invalid_input", `The key of project ${source.key} is now ${now}.`, {
      tracker: "jira",
      hint: `Write "jira_project: ${now}" in projects.yaml. Until then, Jira accepts the old key.`,
      candidates: [now],
    }),
  ];
}
