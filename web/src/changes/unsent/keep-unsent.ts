import type { GroupRecord } from "../group-record.ts";
import { editCall } from "./edit-call.ts";
import type { UnsentChange, UnsentStore } from "./unsent.ts";

/** Keeps the changes that wait while the server is away. */
export type KeepUnsent = {
  /** The server is away: keeps all that waits for it. */
  readonly keepAll: () => void;
  /** A group was answered, or withdrawn. */
  readonly settled: (record: GroupRecord) => void;
};

export function createKeepUnsent(store: UnsentStore, all: () => readonly GroupRecord[]): KeepUnsent {
  /** What is kept: a group, or its undo. */
  const kept = new Map<GroupRecord, "change" | "undo">();
  return {
    keepAll: () => {
      for (const record of all()) {
        const what = waitingPart(record);
        if (what === null || kept.get(record) === what) continue;
        const change = toUnsent(record);
        if (change.calls.length === 0) continue;
        kept.set(record, what);
        store.keep(change);
      }
    },
    settled: (record) => {
      if (kept.delete(record)) store.forget(record.group.step);
    },
  };
}

function waitingPart({ group: { state }, isUndone, undoing }: GroupRecord): "change" | "undo" | null {
  if (undoing !== null) return "undo";
  return !isUndone && (state === "unsent" || state === "unreachable") ? "change" : null;
}

function toUnsent({ group, undoing, unsent, madeAt }: GroupRecord): UnsentChange {
  const { step, what, edits } = group;
  const calls = unsent === undefined ? edits.map(editCall) : [unsent];
  return {
    step,
    what,
    at: madeAt,
    place: group.id,
    isUndo: undoing !== null,
    calls: undoing === null ? calls : [undoing],
  };
}
