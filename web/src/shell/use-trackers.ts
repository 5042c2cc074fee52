import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { facetsQuery, projectsQuery, trackersQuery } from "../api/queries.ts";
import type { Vocabulary } from "../filter/suggestions.ts";
import { useLive } from "../live/live-store.ts";

/** The progress of a connection's running sync, summed over its sources, from the event stream or, after a reload, from its state. */
export function useProgress(tracker: TrackerShape): { done: number; total: number | null } | null {
  const runs = useLive("progress").filter(({ connection }) => connection === tracker.connection);
  if (runs.length === 0) return tracker.health === "syncing" ? tracker.progress : null;
  return {
    done: runs.reduce((sum, run) => sum + run.done, 0),
    total: runs.reduce<number | null>((sum, run) => (sum === null || run.total === null ? null : sum + run.total), 0),
  };
}

export function issuesOf(tracker: Pick<TrackerShape, "sources">): number {
  return tracker.sources.reduce((sum, source) => sum + source.issues, 0);
}

const noTrackers: readonly TrackerShape[] = [];

/** The values to filter by. One entry per tracker, however many connections it has. */
export function useVocabulary(): Vocabulary {
  const { data, isPending: trackersPending } = useQuery(trackersQuery);
  const { data: projects, isPending: projectsPending } = useQuery(projectsQuery);
  const trackers = data?.trackers ?? noTrackers;
  const complete = !trackersPending && !projectsPending;
  const { data: facets, isPending: facetsPending } = useQuery(facetsQuery);
  return useMemo(() => {
    const byId = new Map<string, TrackerShape>();
    for (const tracker of trackers) {
      const other = byId.get(tracker.id);
      byId.set(tracker.id, other ? { ...other, sources: [...other.sources, ...tracker.sources] } : tracker);
    }
    return { trackers: [...byId.values()], projects: projects ?? [], facets, facetsPending, complete };
  }, [trackers, projects, facets, facetsPending, complete]);
}

/** The connections to list: configured ones; all of them while none is configured. */
export function shownTrackers(trackers: readonly TrackerShape[]): readonly TrackerShape[] {
  const used = trackers.filter(({ health, sources }) => health !== "not_configured" || sources.length > 0);
  return used.length > 0 ? used : trackers;
}
