import { closeSync, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { sep } from "node:path";
import { stateFile } from "./state-file.ts";
import { isNotThere } from "../../domain/file-error.ts";

export type StateText = {
  readonly text: string;
  readonly updatedAt: number;
  /** Whether the end is missing because the file is larger than the limit. */
  readonly truncated: boolean;
};

const maxBytes = 1024 * 1024;

/** The current STATE.md; null if there is none, or if it is a link out of the workspace. */
export function readState(workspace: string): StateText | null {
  let handle: number | null = null;
  try {
    const file = realpathSync(stateFile(workspace));
    if (!file.startsWith(`${realpathSync(workspace)}${sep}`)) return null;
    handle = openSync(file, "r");
    const stats = fstatSync(handle);
    if (!stats.isFile()) return null;
    const bytes = Buffer.alloc(Math.min(maxBytes, stats.size));
    const read = readSync(handle, bytes, 0, bytes.length, 0);
    return {
      text: bytes.subarray(0, read).toString("utf8"),
      updatedAt: Math.round(stats.mtimeMs),
      truncated: stats.size > maxBytes,
    };
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}
