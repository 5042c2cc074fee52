import { changeCalls } from "../api/change-calls.ts";
import { toApiError } from "../api/client.ts";
import type { Changes, SendingParts } from "./changes.ts";
import type { GroupRecord } from "./group-record.ts";
import type { GroupRecords } from "./group-records.ts";
import type { Persist } from "./persist-calls.ts";
import { showEdits } from "./show-edits.ts";
import { inverseChange } from "./shown-change.ts";
import type { Turns } from "./turns.ts";

/** Undoes groups: one that was not sent yet is withdrawn, any other is taken back on the server after what is in flight. */
export function createUndo(
  parts: Pick<SendingParts, "store" | "undo" | "onUndoFailure">,
  { all, nextId, unsent }: Pick<GroupRecords, "all" | "nextId" | "unsent">,
  persist: Persist,
  inTurn: Turns,
): Changes["undo"] {
  const { store } = parts;

  /** Shows the group as undone; `leave` shows it as it was. */
  const showBack = ({ group: { edits, state }, shownIds, showUndone }: GroupRecord) => {
    // Also for a change without an answer: it may have arrived, and reads would bring it back until it is undone.
    const back = showEdits(
      store,
      edits.map((edit) => ({ ...edit, shown: inverseChange(edit.issue, edit.shown) })),
      nextId,
    );
    if (state === "unreachable") store.remove(shownIds);
    const undoShown = showUndone?.();
    return {
      answered: () => {
        for (const [localId] of back) store.answered(localId, null);
        undoShown?.answered();
      },
      leave: () => {
        store.remove(new Set(back.map(([localId]) => localId)));
        undoShown?.remove();
      },
    };
  };

  return (groupId) => {
    const candidates = all().filter(({ group, isUndone }) => !isUndone && group.state !== "failed");
    const record = groupId === undefined ? candidates.at(-1) : candidates.find(({ group }) => group.id === groupId);
    if (record === undefined) return undefined;
    const { group } = record;
    record.isUndone = true;
    if (group.state === "unsent") {
      store.remove(record.shownIds);
      unsent.settled(record);
      record.withdraw?.();
      return group;
    }
    const back = showBack(record);
    const key = crypto.randomUUID();
    record.undoing = changeCalls.undo(group.step, key);
    if (group.state !== "sent") unsent.keepAll();
    const takeBack = async () => {
      // The change in flight has finished by now; if it was rejected, there is nothing to undo.
      const isRefused = record.group.state === "failed";
      if (isRefused && !record.isDoubtful) return back.leave();
      try {
        const problems = await persist(
          record,
          () => parts.undo(group.step, key),
          () => false,
        );
        back.answered();
        for (const problem of problems) parts.onUndoFailure(group, problem);
      } catch (thrown) {
        back.leave();
        const error = toApiError(thrown);
        if (isRefused && error.code === "not_found") return;
        // The change is just being sent to the tracker; the undo can be retried shortly.
        if (error.code === "busy") record.isUndone = false;
        parts.onUndoFailure(group, error);
      }
    };
    inTurn(record.turnKeys, () =>
      takeBack().finally(() => {
        record.undoing = null;
        unsent.settled(record);
      }),
    );
    return group;
  };
}
