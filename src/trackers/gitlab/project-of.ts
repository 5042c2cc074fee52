import type { Source } from "../tracker.ts";

/** How the API addresses a source: by id if known, so that a renamed project is found. */
export function projectOf(source: Source): string {
  return source.nativeId ?? source.key;
}
