import type { PanopticonError } from "../../domain/error.ts";
import type { StoredError } from "../../store/sources/source-row.ts";

/** An error as the mirror keeps it beside its source; it is still said after a restart. */
export function toStoredError(error: PanopticonError, at: number): StoredError {
  return { code: error.code, message: error.message, hint: error.hint ?? null, at };
}
