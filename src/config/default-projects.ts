import type { ConnectionConfig } from "../domain/credentials.ts";
import type { Project, TrackerKeys } from "./config.ts";
import { projectOfOne } from "./project-of-one.ts";

/** The value of a connection's field; null if it has none. */
export const given = (values: Readonly<Record<string, string>>, field: string | undefined): string | null =>
  (field === undefined ? undefined : values[field]) || null;

/**
 * Projects derived from the default values of connections: one for each tracker that has such values and no source in any project. `taken` are the ids in use.
 */
export function toDefaultProjects(
  trackers: readonly TrackerKeys[],
  connections: readonly Pick<ConnectionConfig, "id" | "tracker" | "values">[],
  projects: readonly Project[],
): readonly Project[] {
  return trackers.flatMap((tracker) =>
    tracker.sourceKeys.flatMap(({ defaults, canonical, refPrefix }): Project[] => {
      const values = connections.find(({ id }) => id === tracker.id)?.values;
      if (defaults === undefined || canonical === undefined || values === undefined) return [];
      if (projects.some(({ sources }) => sources.some((source) => source.tracker === tracker.id))) return [];
      const key = canonical(given(values, defaults.value), given(values, defaults.qualifier));
      if (key === null) return [];
      const taken = new Set(projects.map(({ id }) => id));
      const id = [tracker.id, `${tracker.id}-project`].find((one) => !taken.has(one));
      if (id === undefined) return [];
      const source = { tracker: tracker.id, connection: tracker.id, key, definition: { refPrefix } };
      return [projectOfOne({ id, name: tracker.label, path: null }, source)];
    }),
  );
}
