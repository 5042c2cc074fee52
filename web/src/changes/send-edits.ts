import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { toApiError } from "../api/client.ts";
import { type Edit, isPlacing } from "./change-group.ts";
import type { SendingParts } from "./changes.ts";
import type { GroupRecord } from "./group-record.ts";
import type { GroupRecords } from "./group-records.ts";
import type { Persist } from "./persist-calls.ts";
import type { ShownEdit } from "./show-edits.ts";

/** Sends a group's edits, the same change of several issues in one call, and asks the user where a move needs a choice. */
export function createSendEdits(
  parts: Pick<SendingParts, "store" | "edit" | "editAll" | "choose">,
  { update, fail }: Pick<GroupRecords, "update" | "fail">,
  persist: Persist,
): (record: GroupRecord, edits: readonly ShownEdit[]) => Promise<void> {
  const { store } = parts;

  const sendOne = async (record: GroupRecord, edit: Edit, localId: number): Promise<IssueShape | null> => {
    let { patch } = edit;
    for (;;) {
      try {
        const answer = await persist(record, () => parts.edit(edit.issue.address, patch, record.group.step));
        store.answered(localId, answer);
        return answer;
      } catch (thrown) {
        const error = toApiError(thrown);
        // Do not ask about a move that was undone meanwhile.
        if (error.code === "choice_needed" && error.choices.length > 0 && !record.isUndone) {
          const choice = await parts.choose(edit.issue, patch, error.choices);
          if (choice !== null) {
            patch = { ...patch, transition: choice.transition, fields: { ...patch.fields, ...choice.fields } };
            continue;
          }
          store.remove(new Set([localId]));
          return null;
        }
        store.remove(new Set([localId]));
        if (!record.isUndone) fail(record, edit, error);
        return null;
      }
    }
  };

  const sendTogether = async (record: GroupRecord, edits: readonly ShownEdit[]): Promise<readonly IssueShape[]> => {
    const patch = edits[0]?.[1].patch ?? {};
    const addresses = edits.map(([, { issue }]) => issue.address);
    const answers: IssueShape[] = [];
    try {
      const results = await persist(record, () => parts.editAll(addresses, patch, record.group.step));
      for (const [index, [localId, edit]] of edits.entries()) {
        const { issue = null, problem = null } = results[index] ?? {};
        if (problem?.code === "choice_needed") {
          // One at a time: the same move may need different input in another workflow.
          const answer = await sendOne(record, edit, localId);
          if (answer !== null) answers.push(answer);
        } else if (problem !== null) {
          store.remove(new Set([localId]));
          fail(record, edit, problem);
        } else {
          store.answered(localId, issue);
          if (issue !== null) answers.push(issue);
        }
      }
    } catch (thrown) {
      store.remove(new Set(edits.map(([localId]) => localId)));
      if (!record.isUndone) fail(record, edits[0]?.[1], toApiError(thrown));
    }
    return answers;
  };

  return async (record, edits) => {
    if (record.isUndone) return;
    update(record, { state: "sending" });
    let answered = 0;
    const operations: number[] = [];
    for (const part of Map.groupBy(edits, ([, { patch }]) => JSON.stringify(patch)).values()) {
      const [first] = part;
      if (first === undefined) continue;
      const answers =
        part.length > 1
          ? await sendTogether(record, part)
          : [await sendOne(record, first[1], first[0])].filter((answer) => answer !== null);
      answered += answers.length;
      // Other operations of an issue that was only placed have nothing to do with this change.
      if (isPlacing(first[1])) continue;
      for (const { sync } of answers) if (sync.operation !== null) operations.push(sync.operation);
    }
    update(record, { state: answered === 0 ? "failed" : "sent", operations });
  };
}
