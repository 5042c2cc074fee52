import type { FieldChange } from "../../domain/operation.ts";
import type { IssueCard } from "../../store/board/issue-card.ts";
import type { QueuedEdit } from "../../store/outbox/outbox.ts";
import { createAsk } from "../move/ask-choices.ts";
import type { IssuePatch } from "../changes.ts";
import { nameField } from "../words/name-field.ts";
import { findOther, type ParentChange, readParent } from "../relate/parent-change.ts";
import type { Making, Parts } from "../parts.ts";
import { placeIssue, readNeighbour } from "./place-issue.ts";
import { checkPatch, readEdit } from "./read-edit.ts";
import { requireWritable, type SourceContext, toContext } from "../source-context.ts";

/** Parses a patch against the shown issue, queues the differences, and returns the resulting card. */
export async function editIssue(parts: Parts, issueId: number, patch: IssuePatch, making: Making): Promise<IssueCard> {
  checkPatch(patch);
  const { store, sync, clock } = parts;
  return parts.inOrder(issueId, async () => {
    const issue = await store.outbox.issue(issueId);
    const source = toContext(issue.source, parts);
    const ask = createAsk(issue, source, { sync, unanswered: making.unanswered });
    const fields = await readEdit(patch, {
      issue,
      status: issue.status,
      source,
      now: clock.now(),
      ask,
      detail: () => store.board.detail(issueId),
    });
    const type = fields.find(({ field }) => field === "type");
    const typeName = type !== undefined && "to" in type ? String(type.to) : issue.shown.type;
    const parent = await nameField("parent", async () => {
      if (patch.parent === undefined) return null;
      const other = patch.parent === null ? null : await findOther(patch.parent, "parent", parts);
      return readParent({ issue, source, type: typeName }, other, parts);
    });
    const all = [...fields, ...(parent?.field == null ? [] : [parent.field])];
    const next = await readNeighbour(patch, parts);
    checkWritable(all, source);
    // A refused parent leaves the former one, and everything else, unchanged.
    if (parent !== null) await makeLink(parts, issueId, parent, making);
    const queued = await queueFields(parts, issueId, all, source, making);
    if (parent !== null) await endLinks(parts, parent, making);
    if (next !== null) await placeIssue(parts, issueId, next, queued?.operation ?? null, making);
    return queued === null || parent !== null || next !== null ? store.board.card(issueId) : queued.card;
  });
}

/** Queues changed fields and returns what was queued (null: none). Throws `forbidden` as `checkWritable` does. */
export async function queueFields(
  { store, sync }: Parts,
  issueId: number,
  fields: readonly FieldChange[],
  source: SourceContext,
  { author }: Pick<Making, "author">,
): Promise<QueuedEdit | null> {
  if (fields.length === 0) return null;
  checkWritable(fields, source);
  const queued = await store.outbox.edit(issueId, fields, author);
  sync.changed(queued);
  return queued;
}

/** Throws `forbidden` if these credentials may not write the fields; a local status of a shadowed project needs no permission. */
export function checkWritable(fields: readonly FieldChange[], source: SourceContext): void {
  if (fields.length === 0) return;
  if (!source.config.shadow || fields.some(({ field }) => field !== "status")) requireWritable(source);
}

/** Creates the link for a parent that the tracker cannot store. Throws `invalid_input` for a circle, which a concurrent change may have closed. */
export async function makeLink(
  { store, sync }: Parts,
  issueId: number,
  { link }: Pick<ParentChange, "link">,
  { author }: Pick<Making, "author">,
): Promise<void> {
  if (link === null) return;
  const { change } = await store.links.add(issueId, "parent", link, author);
  sync.changed({ change });
}

/** Removes the links of a former parent. */
export async function endLinks(
  { store, sync }: Parts,
  { unlink }: Pick<ParentChange, "unlink">,
  { author }: Pick<Making, "author">,
): Promise<void> {
  for (const id of unlink) {
    const change = await store.links.remove(id, author);
    if (change !== null) sync.changed({ change });
  }
}
