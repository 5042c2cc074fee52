import { randomUUID } from "node:crypto";
import { mkdirSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { PanopticonError } from "../../domain/error.ts";

/** Panopticon's own folder in a workspace, ignored by git. The agent may read and change its contents. */
export function ownFolder(workspace: string): string {
  return join(workspace, ".panopticon");
}

/**
 * Writes a file into Panopticon's folder of a workspace, replacing an existing one, and returns its path. Throws `forbidden` if that folder is a link out of
 * the workspace. A repository may contain links of any name; none is written through.
 */
export function writeOwnFile(workspace: string, name: string, text: string): string {
  const folder = ownFolder(workspace);
  mkdirSync(folder, { recursive: true });
  if (!`${realpathSync(folder)}${sep}`.startsWith(`${realpathSync(workspace)}${sep}`)) {
    throw new PanopticonError("forbidden", `${folder} is a link out of the workspace.`, {
      hint: "Remove it from the repository: Panopticon keeps its files there.",
    });
  }
  const file = join(folder, name);
  const neighbour = join(folder, `.${name}.${randomUUID().slice(0, 8)}.tmp`);
  writeFileSync(neighbour, text, { flag: "wx" });
  renameSync(neighbour, file);
  return file;
}
