import { nameField } from "../words/name-field.ts";
import { chooseSource } from "../choose-source.ts";
import type { IssueDraft, NewIssue } from "../changes.ts";
import { makeLink } from "../edit/edit-issue.ts";
import { findOther } from "../relate/parent-change.ts";
import type { Making, Parts } from "../parts.ts";
import { checkDraft, readDraft } from "./read-draft.ts";
import { requireWritable, toContext } from "../source-context.ts";
import { readText } from "../words/text-words.ts";

function readOptional(written: unknown, noun: string): string | undefined {
  return written === undefined ? undefined : readText(written, noun).trim();
}

/** Queues a new issue; a parent in another tracker becomes a link. */
export async function createIssue(parts: Parts, draft: IssueDraft, making: Making): Promise<NewIssue> {
  checkDraft(draft);
  const { store, sync, clock } = parts;
  const { author } = making;
  const project = await nameField("project", () => readOptional(draft.project, "project"));
  const written = await nameField("source", () => readOptional(draft.source, "source"));
  const row = await nameField(written === undefined ? "project" : "source", async () =>
    chooseSource({ project, source: written }, await store.sources.list()),
  );
  const source = toContext(row, parts);
  requireWritable(source);
  const above = draft.parent ?? null;
  const parent = above === null ? null : await nameField("parent", () => findOther(above, "parent", parts));
  const read = await readDraft(draft, { source, parent, now: clock.now() });
  const queued = await store.outbox.create(source.id, read.draft, author);
  sync.changed(queued);
  const { issueId, ref } = queued;
  if (read.ownStatus !== null) {
    const { status: from } = await store.outbox.issue(issueId);
    const to = read.ownStatus;
    if (from !== to) sync.changed(await store.outbox.edit(issueId, [{ field: "status", from, to }], author));
  }
  await makeLink(parts, issueId, { link: read.parentLink }, making);
  return { issueId, ref, sequence: queued.change.sequence };
}
