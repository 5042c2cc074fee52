import type { ApiError } from "../api/client.ts";
import type { Changes, SendingParts, ShownUndo } from "./changes.ts";
import type { ChangeGroup, Edit } from "./change-group.ts";

/** A group and what became of it. */
export type GroupRecord = {
  group: ChangeGroup;
  /** Its issues, by names that they keep. */
  readonly turnKeys: readonly string[];
  /** Its changes in the store. */
  readonly shownIds: ReadonlySet<number>;
  readonly showUndone?: (() => ShownUndo) | undefined;
  /** Takes back a change made through `run` that waits for its turn. */
  withdraw?: (() => void) | undefined;
  isUndone: boolean;
  /** A call got no answer: the server may have applied it. */
  isDoubtful: boolean;
  /** The server has not answered its undo. */
  isUndoing: boolean;
  /** Since when a call is in flight. */
  askedAt: number | null;
};

export type GroupRecords = {
  /** A number that nothing else has, groups and shown changes together. */
  readonly nextId: () => number;
  readonly add: (
    group: ChangeGroup,
    more?: Partial<Pick<GroupRecord, "turnKeys" | "shownIds" | "showUndone" | "withdraw">>,
  ) => GroupRecord;
  /** All groups, the latest last. */
  readonly all: () => readonly GroupRecord[];
  /** Changes a group, and tells about it unless it was undone. */
  readonly update: (record: GroupRecord, change: Partial<ChangeGroup>) => void;
  /** Tells that a part of a group was rejected. */
  readonly fail: (record: GroupRecord, edit: Edit | undefined, error: ApiError) => void;
  readonly hasUnsent: Changes["hasUnsent"];
};

/** A request that is unanswered for longer may be lost with the page: the server is slow, or is being restarted. */
const momentMs = 1000;

/** Keeps this page's groups. */
export function createGroupRecords({
  onGroup,
  onFailure,
  now,
}: Pick<SendingParts, "onGroup" | "onFailure"> & { readonly now: () => number }): GroupRecords {
  const records: GroupRecord[] = [];
  let lastId = 0;
  return {
    nextId: () => (lastId += 1),
    add(group, more = {}) {
      const fresh = { isUndone: false, isDoubtful: false, isUndoing: false, askedAt: null };
      const record: GroupRecord = { group, turnKeys: [], shownIds: new Set(), ...more, ...fresh };
      records.push(record);
      return record;
    },
    all: () => records,
    update(record, change) {
      record.group = { ...record.group, ...change };
      if (!record.isUndone) onGroup(record.group);
    },
    fail: ({ group }, edit, error) => onFailure(group, edit, error),
    hasUnsent: () =>
      records.some(
        ({ group: { state }, isUndone, isUndoing, askedAt }) =>
          isUndoing ||
          (askedAt !== null && now() - askedAt > momentMs) ||
          (!isUndone && (state === "unsent" || state === "unreachable")),
      ),
  };
}
