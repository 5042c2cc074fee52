import type { WorldFile } from "../emulator.ts";
import { screenshot } from "../server/stored-files.ts";
import type { AdfNode } from "./markdown-to-adf.ts";
import type { Attachment, Issue, User } from "./records.ts";
import { documentOf, type JiraState } from "./state.ts";

/** Attaches a file to an issue. */
export function attachFile(state: JiraState, issue: Issue, file: WorldFile, author: User, at: number): Attachment {
  const made: Attachment = { id: state.nextId(), ...file, author, createdAt: at };
  issue.attachments.push(made);
  return made;
}

/** Adds a screenshot to the two newest open issues of each project, embedded in the text. */
export function seedFiles(state: JiraState): void {
  for (const project of state.projects) {
    const newest = project.index.items.filter(({ issue }) => issue.status.category !== "done").slice(-2);
    newest.forEach(({ issue }, index) => {
      const { name } = attachFile(state, issue, screenshot(index), issue.creator, issue.createdAt);
      const picture: AdfNode = {
        type: "mediaSingle",
        attrs: { layout: "center" },
        // The id belongs to the media service; the issue's list of attachments does not contain it.
        content: [{ type: "media", attrs: { type: "file", id: `media-${issue.id}`, collection: "", alt: name } }],
      };
      const document = documentOf(issue) ?? { type: "doc", version: 1, content: [] };
      issue.document = { ...document, content: [...(document.content ?? []), picture] };
    });
  }
}
