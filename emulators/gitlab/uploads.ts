import type { WorldFile } from "../emulator.ts";
import { createRandom } from "../seed/random.ts";
import { screenshot } from "../server/stored-files.ts";
import type { Project } from "./records.ts";

/** Stores a file and returns the project-relative path that GitLab's editor puts into the text. */
export function storeUpload(project: Project, file: WorldFile): string {
  const secret = createRandom(`${project.id}/uploads/${project.uploads.size}`).uuid().replaceAll("-", "");
  const name = file.name.replace(/[^A-Za-z0-9._-]+/g, "_");
  project.uploads.set(`${secret}/${name}`, file);
  return `/uploads/${secret}/${name}`;
}

/** A link as GitLab's editor writes it. */
export function linkTo(file: WorldFile, address: string): string {
  return `${file.contentType.startsWith("image/") ? "!" : ""}[${file.name}](${address})`;
}

/** Adds a screenshot to the two newest open issues of a project. */
export function seedUploads(project: Project): void {
  project.byUpdate.opened.items.slice(-2).forEach((issue, variant) => {
    const file = screenshot(variant);
    issue.description = `${issue.description ?? ""}\n\n${linkTo(file, storeUpload(project, file))}`;
  });
}
