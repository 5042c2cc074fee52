import { readFile, rm } from "node:fs/promises";
import { writeFileAtomically } from "../config/atomic-file.ts";
import { isNotThere } from "../domain/file-error.ts";

/** The content of `~/.panopticon/server.json`, which describes a running server; read by cli/server/running-server.ts. */
export type ServerFile = {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  readonly version: string;
  /** When the process started, in the system's own format; with the pid it identifies the process. Absent if the system does not tell. */
  readonly begin?: string | undefined;
};

/** Writes the file atomically, readable only by its owner. */
export async function writeServerFile(path: string, server: ServerFile): Promise<void> {
  // An existing file would keep its mode.
  await rm(path, { force: true });
  writeFileAtomically(path, `${JSON.stringify(server, null, 2)}\n`, 0o600);
}

/** Removes the file, unless another process has written its own meanwhile. */
export async function removeServerFile(path: string, pid: number): Promise<void> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isNotThere(error)) return;
    throw error;
  }
  // Only the pid matters: it tells whether the file is this server's.
  if (new RegExp(`"pid":\\s*${pid}\\b`).test(text)) await rm(path, { force: true });
}
