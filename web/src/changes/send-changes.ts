import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { toApiError } from "../api/client.ts";
import { cardKey } from "../board/data/board-data.ts";
import { firstKey } from "../board/data/new-names.ts";
import type { ChangeGroup } from "./change-group.ts";
import type { Changes, SendingParts } from "./changes.ts";
import { createGroupRecords } from "./group-records.ts";
import { createPersist } from "./persist-calls.ts";
import { createSendEdits } from "./send-edits.ts";
import { showEdits } from "./show-edits.ts";
import { createTurns } from "./turns.ts";
import { createUndo } from "./undo-groups.ts";

/** Makes changes: optimistically on the page, then on the server, one at a time per issue. */
export function createChanges(parts: SendingParts): Changes {
  const { store, now = () => performance.now() } = parts;
  const inTurn = createTurns();
  const records = createGroupRecords({ ...parts, now });
  const { nextId, update } = records;
  const persist = createPersist({ ...parts, now }, records);
  const sendEdits = createSendEdits(parts, records, persist);

  /** A new issue's key changes when its tracker has named it; its turn is the same. */
  const keyOf = (issue: IssueShape) => firstKey(cardKey(issue));

  const make: Changes["make"] = (edits, what) => {
    if (edits.length === 0) return;
    const shown = showEdits(store, edits, nextId);
    const step = crypto.randomUUID();
    const group: ChangeGroup = { id: nextId(), step, edits, what, state: "unsent", operations: [] };
    const turnKeys = edits.map(({ issue }) => keyOf(issue));
    const record = records.add(group, { turnKeys, shownIds: new Set(shown.map(([localId]) => localId)) });
    parts.onGroup(group);
    inTurn(
      turnKeys,
      () => new Promise((resolve) => parts.afterPaint(() => void sendEdits(record, shown).finally(resolve))),
    );
  };

  const run: Changes["run"] = (what, issue, send, { showUndone, unsent } = {}) => {
    const step = crypto.randomUUID();
    const { address } = issue;
    const group: ChangeGroup = { id: nextId(), step, edits: [], what, state: "unsent", operations: [], address };
    const turnKeys = [keyOf(issue)];
    const outcome = Promise.withResolvers<boolean>();
    const record = records.add(group, { turnKeys, showUndone, unsent, withdraw: () => outcome.resolve(false) });
    parts.onGroup(group);
    inTurn(turnKeys, async () => {
      record.withdraw = undefined;
      if (record.isUndone) return;
      update(record, { state: "sending" });
      try {
        await persist(record, () => send(step, record.isDoubtful));
        update(record, { state: "sent" });
        outcome.resolve(true);
      } catch (error) {
        update(record, { state: "failed" });
        if (record.isUndone && toApiError(error).code === "server_unreachable") outcome.resolve(false);
        else outcome.reject(error);
      }
    });
    return outcome.promise;
  };

  const created: Changes["created"] = (words, issue) => {
    const { ref, address, change: step, sync } = issue;
    const group: ChangeGroup = {
      id: nextId(),
      step,
      edits: [],
      what: `${ref} ${words}`,
      state: "sent",
      operations: sync.operation === null ? [] : [sync.operation],
      address,
      created: { address, words },
    };
    records.add(group);
    store.created(nextId(), cardKey(issue), issue);
    parts.onGroup(group);
  };

  const undo = createUndo(parts, records, persist, inTurn);
  return { make, run, created, undo, hasUnsent: records.hasUnsent };
}
