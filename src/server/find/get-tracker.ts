import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";

/** The tracker with this id. Throws `invalid_input` with the nearest one. */
export function getTracker(trackers: readonly TrackerDefinition[], id: string): TrackerDefinition {
  const definition = trackers.find((tracker) => tracker.id === id);
  if (definition !== undefined) return definition;
  const known = trackers.map((tracker) => tracker.id);
  const nearest = nearestWord(id, known);
  throw new PanopticonError("invalid_input", `There is no tracker called “${id}”.`, {
    hint: nearest === undefined ? `Available: ${known.join(", ")}.` : `Did you mean “${nearest}”?`,
  });
}
