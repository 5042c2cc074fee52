import type { WorldFile } from "../emulator.ts";
import { screenshot } from "../server/stored-files.ts";
import type { Artifact, Attachment } from "./records.ts";
import { changeArtifact, type RallyState } from "./state.ts";

/** What stands before an attachment's ObjectID and name in its address. */
export const filesPath = "/slm/attachment/";

/** Puts a file beside an artifact, and its picture into the description where `isInline`; gives its address. */
export function attachFile(
  state: RallyState,
  artifact: Artifact,
  file: WorldFile,
  options: { readonly at: number; readonly isInline: boolean },
): string {
  const attachment: Attachment = { oid: state.nextOid(), artifact, ...file };
  state.files.set(String(attachment.oid), file);
  const path = `${filesPath}${attachment.oid}/${encodeURIComponent(file.name)}`;
  changeArtifact(state, artifact, options.at, () => {
    artifact.attachments.push(attachment);
    // The editor writes addresses without the server.
    if (options.isInline) {
      artifact.text = `${artifact.text}\n\n![${file.name}](${path})`;
      artifact.description = null;
    }
  });
  return `${state.origin}${path}`;
}

/** A screenshot in the two newest open stories of each project. */
export function seedFiles(state: RallyState): void {
  for (const project of state.projects) {
    const stories = state.all.byUpdate.items.filter(
      (one) => one.project === project && one.kind === "story" && one.closedAt === null,
    );
    stories.slice(-2).forEach((story, index) => {
      attachFile(state, story, screenshot(index), { at: story.updatedAt, isInline: true });
    });
  }
}
