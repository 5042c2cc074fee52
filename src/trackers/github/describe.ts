import { PanopticonError, isPanopticonError } from "../../domain/error.ts";
import type { Source, SourceSchema } from "../tracker.ts";
import type { GithubClient } from "./client.ts";
import { webAddress } from "./http-policy.ts";
import { toCycle, toLabel, toPerson, toSourceInfo } from "./map.ts";
import { detectMapping, githubStates } from "./mapping.ts";
import type { GithubNames } from "./names.ts";
import { findRights } from "./rights.ts";
import type { User } from "./schema.ts";
import { toIssueTypes } from "./types.ts";

/**
 * A repository's vocabulary and workflow, and what these credentials may do there. Throws `not_found` if it does not exist, `forbidden` if its issues are
 * disabled.
 */
export async function describeRepository(
  client: GithubClient,
  names: GithubNames,
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const { repository, scopes } = await client.fetchRepository(source.key, signal).catch((error: unknown) => {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    throw new PanopticonError(
      "not_found",
      `The repository ${source.key} does not exist, or the token has no access to it.`,
      {
        tracker: "github",
        hint: "Check the spelling of github_repo in projects.yaml, and that the token has access to the repository.",
        request: error.request,
      },
    );
  });
  const info = toSourceInfo(repository);
  if (!info.readable) {
    throw new PanopticonError("forbidden", `Issues are disabled in ${info.key}.`, {
      tracker: "github",
      hint: "Enable them under Settings → General → Features on GitHub, or remove the repository from projects.yaml.",
    });
  }
  const { owner } = repository;
  const [labels, people, milestones, types] = await Promise.all([
    client.fetchLabels(source.key, signal),
    findAssignees(client, source, signal),
    client.fetchMilestones(source.key, signal),
    owner?.type === "Organization" ? client.fetchIssueTypes(owner.login, signal) : [],
  ]);
  names.learn.people(people.users);
  names.learn.milestones(milestones);
  names.learn.labels(labels);
  const ownLabels = labels.map(toLabel);
  const { mapping, warnings } = detectMapping(ownLabels, overrides);
  return {
    info,
    vocabulary: {
      states: githubStates,
      labels: ownLabels,
      people: people.users.map(toPerson),
      cycles: milestones.map(toCycle),
      priorities: [],
    },
    mapping,
    types: toIssueTypes(types.map(({ name }) => name)),
    writable: findRights(repository, scopes, webAddress(client.baseUrl)),
    warnings: [...renamed(source, info.key), ...people.warnings, ...warnings],
  };
}

/** The users that can be assigned. Only the picker needs this list, because people on issues come with the issues, so a refusal becomes a warning. */
async function findAssignees(
  client: GithubClient,
  source: Source,
  signal: AbortSignal | undefined,
): Promise<{ readonly users: readonly User[]; readonly warnings: readonly PanopticonError[] }> {
  try {
    return { users: await client.fetchAssignees(source.key, signal), warnings: [] };
  } catch (error) {
    if (!isPanopticonError(error) || (error.code !== "forbidden" && error.code !== "not_found")) throw error;
    const warning = new PanopticonError("forbidden", `GitHub does not show who can be assigned in ${source.key}.`, {
      tracker: "github",
      hint: "Only people who are assigned to an issue or created one are suggested.",
      request: error.request,
      cause: error,
    });
    return { users: [], warnings: [warning] };
  }
}

function renamed(source: Source, now: string): PanopticonError[] {
  if (source.key.toLowerCase() === now.toLowerCase()) return [];
  return [
    new PanopticonError("invalid_input", `The repository ${source.key} was renamed to ${now}.`, {
      tracker: "github",
      hint: `Write "github_repo: ${now}" in projects.yaml. Until then, GitHub forwards the old name.`,
      candidates: [now],
    }),
  ];
}
