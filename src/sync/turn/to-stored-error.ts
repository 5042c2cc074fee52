import type { PanopticonError } from "../../domain/error.ts";
import type { StoredError } from "../../store/sources/source-row.ts";

/** Converts an error for storage with its source, so that it is still shown after a restart. */
export function toStoredError(error: PanopticonError, at: number): StoredError {
  return { code: error.code, message: error.message, hint: error.hint ?? null, at };
}
