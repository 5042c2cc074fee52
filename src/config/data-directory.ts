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
    throw new PanopticonError("internal", `The data directory ${path} cannot be made.`, {
      hint:
        hints[code] ??
        "Give yourself the right to write where it is to be, or name another place with PANOPTICON_HOME.",
      cause: error,
    });
  }
}

const hints: Readonly<Record<string, string>> = {
  EEXIST: "A file has its name: move that away.",
  ENOTDIR:
    "A file stands where a folder above it has to be: move that away, or name another place with PANOPTICON_HOME.",
  ENOSPC: "The disk is full: make room on it.",
};
