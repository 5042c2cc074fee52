import type { ApiError } from "../api/client.ts";
import type { Changes, SendingParts } from "./changes.ts";
import type { ChangeGroup, Edit } from "./change-group.ts";
import type { GroupRecord } from "./group-record.ts";
import { createKeepUnsent, type KeepUnsent } from "./unsent/keep-unsent.ts";

export type GroupRecords = {
  /** A number that nothing else has, groups and shown changes together. */
  readonly nextId: () => number;
  readonly add: (
    group: ChangeGroup,
    more?: Partial<Pick<GroupRecord, "turnKeys" | "shownIds" | "showUndone" | "unsent" | "withdraw">>,
  ) => GroupRecord;
  /** All groups, the latest last. */
  readonly all: () => readonly GroupRecord[];
  /** Keeps what waits for the server, as long as it does. */
  readonly unsent: KeepUnsent;
  /** Changes a group, and tells about it unless it was undone. */
  readonly update: (record: GroupRecord, change: Partial<ChangeGroup>) => void;
  /** Tells that a part of a group was rejected. */
  readonly fail: (record: GroupRecord, edit: Edit | undefined, error: ApiError) => void;
  readonly hasUnsent: Changes["hasUnsent"];
};

/** A request that is unanswered for longer may be lost with the page: the server is slow, or is being restarted. */
const momentMs = 1000;

/** More settled groups than a user would undo one by one: earlier ones are forgotten, or a page that is open for weeks would keep every issue it changed. */
const maxSettled = 100;

function isSettled({ group: { state }, isUndone, undoing, askedAt }: GroupRecord): boolean {
  const isOver = state === "sent" || state === "failed" || (state === "unsent" && isUndone);
  return isOver && undoing === null && askedAt === null;
}

/** Keeps this page's groups. */
export function createGroupRecords({
  onGroup,
  onFailure,
  unsent: store,
  now,
}: Pick<SendingParts, "onGroup" | "onFailure" | "unsent"> & { readonly now: () => number }): GroupRecords {
  let records: readonly GroupRecord[] = [];
  const unsent = createKeepUnsent(store, () => records);
  const isWaiting = ({ group: { state } }: GroupRecord) => state === "unreachable";
  let lastId = 0;
  return {
    nextId: () => (lastId += 1),
    add(group, more = {}) {
      const fresh = { isUndone: false, isDoubtful: false, undoing: null, askedAt: null, madeAt: Date.now() };
      const record: GroupRecord = { group, turnKeys: [], shownIds: new Set(), ...more, ...fresh };
      const old = new Set(records.filter(isSettled).slice(0, -maxSettled));
      records = [...records.filter((one) => !old.has(one)), record];
      // It will wait as well, or wait behind what does.
      if (records.some(isWaiting)) unsent.keepAll();
      return record;
    },
    all: () => records,
    unsent,
    update(record, change) {
      record.group = { ...record.group, ...change };
      const { state } = record.group;
      if ((state === "sent" || state === "failed") && record.undoing === null) unsent.settled(record);
      if (!record.isUndone) onGroup(record.group);
    },
    fail: ({ group }, edit, error) => onFailure(group, edit, error),
    hasUnsent: () =>
      records.some(
        ({ group: { state }, isUndone, undoing, askedAt }) =>
          undoing !== null ||
          (askedAt !== null && now() - askedAt > momentMs) ||
          (!isUndone && (state === "unsent" || state === "unreachable")),
      ),
  };
}
