import type { TrackerShape } from "../../../src/server/contract/tracker.ts";

/** A source the user ticked. */
export type ChosenSource = { readonly tracker: string; readonly connection: string; readonly key: string };

type KnownTracker = Pick<TrackerShape, "id" | "label" | "connection" | "sourceKeys">;

/**
 * What the choice is called in projects.yaml: one key per tracker, a value or a list, and the connections that are not the default ones.
 * A project reads each tracker through one connection only; choosing two of one tracker is a problem that is said.
 */
export function projectKeys(
  chosen: readonly ChosenSource[],
  trackers: readonly KnownTracker[],
): { readonly keys: Record<string, unknown> } | { readonly problem: string } {
  const keys: Record<string, unknown> = {};
  const connections: Record<string, string> = {};
  for (const tracker of new Set(chosen.map((source) => source.tracker))) {
    const own = chosen.filter((source) => source.tracker === tracker);
    const known = trackers.find(({ id }) => id === tracker);
    const key = known?.sourceKeys[0]?.key;
    if (known === undefined || key === undefined) return { problem: `${tracker} has no key in projects.yaml` };
    const through = [...new Set(own.map(({ connection }) => connection))];
    if (through.length > 1) {
      return { problem: `A project reads ${known.label} through one connection; ${through.join(" and ")} are chosen` };
    }
    const values = own.map((source) => source.key);
    keys[key] = values.length === 1 ? values[0] : values;
    const [connection] = through;
    if (connection !== undefined && connection !== tracker) connections[tracker] = connection;
  }
  return { keys: Object.keys(connections).length === 0 ? keys : { ...keys, connections } };
}
