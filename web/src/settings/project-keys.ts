import type { TrackerShape } from "../../../src/server/contract/tracker.ts";

/** A source the user has ticked. */
export type ChosenSource = { readonly tracker: string; readonly connection: string; readonly key: string };

type KnownTracker = Pick<TrackerShape, "id" | "label" | "connection" | "sourceKeys">;

type Keys = { readonly keys: Record<string, unknown> } | { readonly problem: string };

/**
 * Translates the choice into keys of projects.yaml: one key per tracker, a value or a list, and connections other than the default.
 * A project uses one connection per tracker; choosing two is a problem.
 */
export function projectKeys(chosen: readonly ChosenSource[], trackers: readonly KnownTracker[]): Keys {
  const keys: Record<string, unknown> = {};
  const connections: Record<string, string> = {};
  for (const tracker of new Set(chosen.map((source) => source.tracker))) {
    const own = chosen.filter((source) => source.tracker === tracker);
    const known = trackers.find(({ id }) => id === tracker);
    const key = known?.sourceKeys[0]?.key;
    if (known === undefined || key === undefined) return { problem: `${tracker} has no key in projects.yaml` };
    const through = [...new Set(own.map(({ connection }) => connection))];
    if (through.length > 1) {
      return { problem: `A project can use only one ${known.label} connection; you chose ${through.join(" and ")}` };
    }
    const values = own.map((source) => source.key);
    keys[key] = values.length === 1 ? values[0] : values;
    const [connection] = through;
    if (connection !== undefined && connection !== tracker) connections[tracker] = connection;
  }
  return { keys: Object.keys(connections).length === 0 ? keys : { ...keys, connections } };
}

/** Whether both are the same source through the same connection; trackers ignore case in owners and keys. */
export function sameSource(a: ChosenSource, b: ChosenSource): boolean {
  return a.connection === b.connection && a.key.toLowerCase() === b.key.toLowerCase();
}

/** The keys that turn one choice into the other: unchanged trackers are left out, removed ones are null. */
export function changedProjectKeys(
  before: readonly ChosenSource[],
  after: readonly ChosenSource[],
  trackers: readonly KnownTracker[],
): Keys {
  const written = projectKeys(after, trackers);
  if ("problem" in written) return written;
  const keys: Record<string, unknown> = {};
  for (const { id, sourceKeys } of trackers) {
    const own = (sources: readonly ChosenSource[]) => sources.filter(({ tracker }) => tracker === id);
    const [was, is] = [own(before), own(after)];
    if (was.length === is.length && was.every((source) => is.some((other) => sameSource(source, other)))) continue;
    const [first] = sourceKeys;
    if (first === undefined) continue;
    keys[first.key] = written.keys[first.key] ?? null;
    if (is.length === 0 && first.qualifier !== null) keys[first.qualifier] = null;
  }
  const named = (sources: readonly ChosenSource[]) =>
    sources.flatMap(({ tracker, connection }) => (connection === tracker ? [] : [`${tracker} ${connection}`]));
  const connections = (sources: readonly ChosenSource[]) => [...new Set(named(sources))].toSorted().join("\n");
  if (connections(before) !== connections(after)) keys["connections"] = written.keys["connections"] ?? null;
  return { keys };
}
