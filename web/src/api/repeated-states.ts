import type { ProjectStatesShape } from "../../../src/server/contract/project.ts";

/** The query of the calls whose answers leave out repeated workflows. */
export const withoutRepeats = "?repeats=omit";

/** Fills in the workflows that an answer leaves out because another of its sources has the same. */
export function withRepeats(shape: ProjectStatesShape): ProjectStatesShape {
  const byId = new Map(shape.sources.map((source) => [source.id, source]));
  const sources = shape.sources.map((source) => {
    const same = source.sameAs === null ? undefined : byId.get(source.sameAs);
    if (same === undefined) return source;
    return { ...source, nativeStates: same.nativeStates, labels: same.labels, statuses: same.statuses };
  });
  return { ...shape, sources };
}
