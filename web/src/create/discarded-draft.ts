import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { readDraft, writeDraft } from "../editor/drafts.ts";
import { emptyValues, type DraftValues } from "./draft-values.ts";
import { sentId } from "./sent-draft.ts";

/** Where the draft of a new issue is kept, and the last discarded one until another issue is created. */
export const draftId = "new issue";
export const discardedId = "discarded new issue";

/** Where what was sent of a discarded draft, and not answered, is kept. */
const discardedSentId = "discarded sent new issue";

export function keepDiscarded(values: DraftValues): void {
  writeDraft(discardedId, JSON.stringify(values));
  writeDraft(discardedSentId, null);
}

/** Discards the dialog's draft; what was sent of it goes with it, and says nothing about the next one. */
export function discardDraft(values: DraftValues): void {
  keepDiscarded(values);
  writeDraft(discardedSentId, readDraft(sentId));
  writeDraft(sentId, null);
  writeDraft(draftId, null);
}

/** Takes back what was sent of the discarded draft, as the draft itself is restored. */
export function takeDiscardedSent(): void {
  const sent = readDraft(discardedSentId);
  if (sent === null) return;
  writeDraft(sentId, sent);
  writeDraft(discardedSentId, null);
}

/** Makes the discarded draft the next dialog's draft. */
export function takeDiscarded(): void {
  writeDraft(draftId, readDraft(discardedId));
  writeDraft(discardedId, null);
  takeDiscardedSent();
}

/** The draft that would create an issue again. */
export function draftOf(issue: IssueDetailShape): DraftValues {
  const { parent } = issue;
  return {
    ...emptyValues,
    project: issue.project,
    source: issue.source,
    title: issue.title,
    body: issue.body,
    status: issue.status,
    type: issue.type,
    priority: issue.priority,
    labels: issue.labels.map(({ name }) => name),
    assignees: issue.assignees.map(({ login }) => login),
    parent:
      parent?.ref == null || parent.address === null
        ? null
        : { address: parent.address, ref: parent.ref, tracker: issue.tracker },
    cycle: issue.cycle?.name ?? null,
    dueDate: issue.dueDate ?? "",
    estimate: issue.estimate === null ? "" : String(issue.estimate),
  };
}
