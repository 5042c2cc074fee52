import type { WorldFile } from "../emulator.ts";
import { screenshot } from "../server/stored-files.ts";
import type { Artifact, Attachment } from "./records.ts";
import { changeArtifact, type RallyState } from "./state.ts";

/** The path prefix of attachments, before ObjectID and name. */
export const filesPath = "/slm/attachment/";

/** Attaches a file to an artifact, and embeds it in the description if `isInline`; returns its URL. */
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
    // The editor writes URLs without the server.
    if (options.isInline) {
      artifact.text = `${artifact.text}\n\n![${file.name}](${path})`;
      artifact.description = null;
    }
  });
  return `${state.origin}${path}`;
}

/** Adds a screenshot to the two newest open stories of each project. */
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
