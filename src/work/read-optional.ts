import { readFileSync } from "node:fs";
import { isNotThere } from "../domain/file-error.ts";

/** A file's text; null if it does not exist. */
export function readOptional(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}
