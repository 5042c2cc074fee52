import type { ConnectionConfig } from "../../domain/credentials.ts";
import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { Services } from "../services.ts";

type Known = Pick<Services, "config" | "trackers">;

/** The connections with this tracker id or connection name; empty if the tracker is not set up. Throws `not_found` with the nearest name. */
export function findConnections(written: string, { config, trackers }: Known): readonly ConnectionConfig[] {
  const { connections } = config.current();
  const named = connections.filter((connection) => connection.tracker === written || connection.id === written);
  if (named.length > 0 || trackers.some((tracker) => tracker.id === written)) return named;
  const known = [...new Set([...trackers.map((tracker) => tracker.id), ...connections.map(({ id }) => id)])];
  const nearest = nearestWord(written, known);
  throw new PanopticonError("not_found", `There is no tracker or connection called “${written}”.`, {
    hint: nearest === undefined ? `Available: ${known.join(", ")}.` : `Did you mean “${nearest}”?`,
    candidates: nearest === undefined ? known : [nearest],
  });
}

/** Those of them that are usable. If there are none, throws `invalid_input` with what has to be set. */
export function getConnections(written: string, known: Known): readonly ConnectionConfig[] {
  const named = findConnections(written, known);
  const usable = named.filter((connection) => connection.missing.length === 0);
  if (usable.length > 0) return usable;
  const definition = known.trackers.find((tracker) => tracker.id === (named[0]?.tracker ?? written));
  const missing = named[0]?.missing ?? definition?.credentialFields.filter((field) => field.required) ?? [];
  throw new PanopticonError("invalid_input", `${definition?.label ?? written} is not connected.`, {
    hint: `Set ${missing.map((field) => field.env[0] ?? field.label).join(" and ")} in ~/.panopticon.env or the environment.`,
  });
}
