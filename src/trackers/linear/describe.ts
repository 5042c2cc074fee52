import type { Source, SourceSchema } from "../tracker.ts";
import type { LinearClient } from "./client.ts";
import { defaultServer } from "./http-policy.ts";
import { toIssueTypes } from "./issue-types.ts";
import { toCycle, toLabel, toPerson, toState } from "./map.ts";
import { detectMapping, toPriority } from "./mapping.ts";
import { findRights } from "./rights.ts";
import { teamFilter, teamNotFound } from "./team.ts";
import type { LinearWriteClient } from "./write/write-client.ts";

/** A team's workflow and vocabulary, their mapping, and whether the key may write. */
export async function describeTeam(
  clients: { readonly read: LinearClient; readonly write: LinearWriteClient; readonly server: string },
  source: Source,
  overrides: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<SourceSchema> {
  const team = await clients.read.findTeam(teamFilter(source), signal);
  if (team === undefined) throw teamNotFound(source);
  const ancestors = [team.parent?.id, team.parent?.parent?.id].filter((id) => id !== undefined);
  // An issue cannot have a group as a label.
  const labels = (await clients.read.fetchLabels([team.id, ...ancestors], signal)).filter((label) => !label.isGroup);
  const states = team.states
    .map(toState)
    .sort((a, b) => rank(a.category) - rank(b.category) || a.position - b.position);
  const { mapping, warnings } = detectMapping(states, labels.map(toLabel), overrides);
  return {
    info: {
      id: team.id,
      key: team.key,
      name: team.name,
      // The website of another server is unknown.
      url: clients.server === defaultServer ? `https://linear.app/${team.urlKey}/team/${team.key}` : null,
      readable: true,
      reason: null,
    },
    vocabulary: {
      states,
      labels: labels.map(toLabel),
      people: team.members.map(toPerson),
      cycles: team.cycles.map(toCycle),
      priorities: team.priorities.map(toPriority),
    },
    mapping,
    types: toIssueTypes(team),
    writable: await findRights(clients.write, signal),
    warnings,
  };
}

/** Linear orders states by type first, then by position within the type. */
const typeOrder = ["triage", "backlog", "unstarted", "started", "completed", "canceled", "duplicate"];

function rank(type: string): number {
  const index = typeOrder.indexOf(type);
  return index < 0 ? typeOrder.length : index;
}
