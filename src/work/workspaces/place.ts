import { mkdirSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { PanopticonError } from "../../domain/error.ts";
import { safeName } from "./safe-name.ts";

/** The folder of an issue's workspace, with links resolved; creates its parent. Throws `forbidden` if a link would lead out of the root. */
export function placeOf(root: string, project: string, ref: string): string {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const parent = join(root, safeName(project));
  mkdirSync(parent, { recursive: true });
  const path = join(realpathSync(parent), safeName(ref));
  checkPlace(root, path);
  return path;
}

/** Throws `forbidden` for a folder that is not below the root, after resolving links. */
export function checkPlace(root: string, path: string): void {
  const top = realpathSync(root);
  const parent = realpathSync(dirname(path));
  if (`${parent}${sep}`.startsWith(`${top}${sep}`)) return;
  throw new PanopticonError("forbidden", `${path} lies outside of the workspaces' folder ${top}.`, {
    hint: "A symlink in it leads elsewhere: remove the symlink, or set workspace: { root: … } in projects.yaml.",
  });
}
