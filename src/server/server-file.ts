import { readFile, rm } from "node:fs/promises";
import { writeFileAtomically } from "../config/atomic-file.ts";
import { isNotThere } from "../domain/file-error.ts";

/** What `~/.panopticon/server.json` says of a running server; read by cli/server/running-server.ts. */
export type ServerFile = {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  readonly version: string;
  /** When the process began, in the system's own words; with its pid it proves that it is this one. Absent where the system does not tell. */
  readonly begin?: string | undefined;
};

/** Writes the whole file at once, for its owner's eyes only: a reader never sees half of it. */
export async function writeServerFile(path: string, server: ServerFile): Promise<void> {
  // An existing file would keep its mode.
  await rm(path, { force: true });
  writeFileAtomically(path, `${JSON.stringify(server, null, 2)}\n`, 0o600);
}

/** Takes the file away, unless another process has written its own meanwhile. */
export async function removeServerFile(path: string, pid: number): Promise<void> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isNotThere(error)) return;
    throw error;
  }
  // What was written above, or somebody else's: no need to understand more than the pid.
  if (new RegExp(`"pid":\\s*${pid}\\b`).test(text)) await rm(path, { force: true });
}
