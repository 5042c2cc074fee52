import { readFileSync } from "node:fs";
import { PanopticonError } from "../domain/error.ts";
import { isNotThere, readFailure } from "../domain/file-error.ts";

/** The text of a file to edit; empty if it does not exist. Throws `invalid_input` if it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isNotThere(error)) return "";
    throw new PanopticonError("invalid_input", `${path} could not be read: ${readFailure(error)}.`, { cause: error });
  }
}
