import type { Source } from "../tracker.ts";

/** How the API is asked for a source: a project that was renamed is found by its id. */
export function projectOf(source: Source): string {
  return source.nativeId ?? source.key;
}
