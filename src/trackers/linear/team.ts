import { PanopticonError } from "../../domain/error.ts";
import type { Source } from "../tracker.ts";
import type { TeamFilter } from "./client.ts";

/** Selects a team by its immutable id once it is known, because its key may change. */
export function teamFilter(source: Source): TeamFilter {
  return source.nativeId === null ? { key: { eqIgnoreCase: source.key } } : { id: { eq: source.nativeId } };
}

/** Throws `not_found` if the response contains no team: its list would be empty for the wrong reason. */
export function requireTeam(data: { readonly teams: { readonly nodes: readonly unknown[] } }, source: Source): void {
  if (data.teams.nodes.length === 0) throw teamNotFound(source);
}

export function teamNotFound(source: Source): PanopticonError {
  return new PanopticonError(
    "not_found",
    `The team ${source.key} does not exist, or the API key has no access to it.`,
    {
      tracker: "linear",
      hint: "Check linear_team in projects.yaml: it is the part before the hyphen in the team's issue identifiers. Private teams are only visible to their members.",
    },
  );
}
