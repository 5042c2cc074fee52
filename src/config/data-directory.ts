import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { PanopticonError } from "../domain/error.ts";
import { fileErrorCode } from "../domain/file-error.ts";

/** Creates the data directory, accessible only to this user, if it does not exist. Throws `internal` with the reason if it cannot. */
export function makeDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notMade(path, error);
  }
}

/** Throws what `makeDataDirectory` would, as far as that can be determined without creating it. */
export function checkDataDirectory(path: string): void {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      // The dot causes an error for a file in place of the folder.
      accessSync(`${folder}/.`, constants.W_OK);
      return;
    } catch (error) {
      // The nearest existing folder determines whether another one can be created in it.
      if (fileErrorCode(error) !== "ENOENT" || folder === dirname(folder)) throw notMade(path, error);
    }
  }
}

function notMade(path: string, error: unknown): unknown {
  const code = fileErrorCode(error);
  if (code === null) return error;
  return new PanopticonError("internal", `Cannot create the data directory ${path}.`, {
    hint: hints[code] ?? "Make its parent folder writable for yourself, or choose another place with PANOPTICON_HOME.",
    cause: error,
  });
}

const hints: Readonly<Record<string, string>> = {
  EEXIST: "A file with that name exists: move it.",
  ENOTDIR:
    "A file exists in its place, or in that of one of its parent folders: move it, or choose another place with PANOPTICON_HOME.",
  ENOSPC: "The disk is full: free up space.",
};
