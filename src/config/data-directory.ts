import { mkdirSync } from "node:fs";
import { PanopticonError } from "../domain/error.ts";
import { fileErrorCode } from "../domain/file-error.ts";

/** Makes the folder of all that Panopticon keeps, for this user alone, where it is not there yet. Throws `internal` with what is in the way. */
export function makeDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === null) throw error;
    throw new PanopticonError("internal", `Cannot create the data directory ${path}.`, {
      hint:
        hints[code] ?? "Make its parent folder writable for yourself, or choose another place with PANOPTICON_HOME.",
      cause: error,
    });
  }
}

const hints: Readonly<Record<string, string>> = {
  EEXIST: "A file with that name exists: move it.",
  ENOTDIR:
    "A file exists in place of one of its parent folders: move it, or choose another place with PANOPTICON_HOME.",
  ENOSPC: "The disk is full: free up space.",
};
