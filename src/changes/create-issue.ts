import { nameField } from "./name-field.ts";
import { chooseSource } from "./choose-source.ts";
import type { IssueDraft } from "./changes.ts";
import { queueLinks } from "./edit-issue.ts";
import { findOther } from "./parent-change.ts";
import type { Making, Parts } from "./parts.ts";
import { checkDraft, readDraft } from "./read-draft.ts";
import { requireWritable, toContext } from "./source-context.ts";

/** Queues a new issue; a parent of another tracker becomes a link. */
export async function createIssue(
  parts: Parts,
  draft: IssueDraft,
  making: Making,
): Promise<{ readonly issueId: number; readonly ref: string }> {
  checkDraft(draft);
  const { store, sync, clock } = parts;
  const { author } = making;
  const row = await nameField("source", async () => chooseSource(draft, await store.sources.list()));
  const source = toContext(row, parts);
  requireWritable(source);
  const written = draft.parent ?? null;
  const parent = written === null ? null : await nameField("parent", () => findOther(written, "parent", parts));
  const read = await readDraft(draft, { source, parent, now: clock.now() });
  const queued = await store.outbox.create(source.id, read.draft, author);
  sync.changed(queued);
  const { issueId, ref } = queued;
  if (read.ownStatus !== null) {
    const { status: from } = await store.outbox.issue(issueId);
    const to = read.ownStatus;
    if (from !== to) sync.changed(await store.outbox.edit(issueId, [{ field: "status", from, to }], author));
  }
  await queueLinks(parts, issueId, { link: read.parentLink, unlink: [] }, making);
  return { issueId, ref };
}
