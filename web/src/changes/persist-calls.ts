import { toApiError } from "../api/client.ts";
import type { SendingParts } from "./changes.ts";
import type { GroupRecord } from "./group-record.ts";
import type { GroupRecords } from "./group-records.ts";

/** Makes a call of a group, and rejects as it does. `isUnwanted`: whether not to repeat it; default: once the group is undone. */
export type Persist = <T>(record: GroupRecord, ask: () => Promise<T>, isUnwanted?: () => boolean) => Promise<T>;

/** Repeats calls while the server is unreachable, so that a change survives its restart; meanwhile they are kept for other pages, so that it survives this one. */
export function createPersist(
  {
    onWaiting,
    untilReachable,
    now,
  }: Pick<SendingParts, "onWaiting" | "untilReachable"> & { readonly now: () => number },
  { update, unsent }: Pick<GroupRecords, "update" | "unsent">,
): Persist {
  /** How many calls wait until the server is back. */
  let waiting = 0;
  return async (record, ask, isUnwanted = () => record.isUndone) => {
    for (;;) {
      try {
        record.askedAt = now();
        return await ask();
      } catch (error) {
        if (toApiError(error).code !== "server_unreachable") throw error;
        record.isDoubtful = true;
        if (isUnwanted()) throw error;
        update(record, { state: "unreachable" });
        unsent.keepAll();
        waiting += 1;
        onWaiting(true);
        await untilReachable();
        waiting -= 1;
        onWaiting(waiting > 0);
        // Do not send what was undone while the server was unreachable.
        if (isUnwanted()) throw error;
        update(record, { state: "sending" });
      } finally {
        record.askedAt = null;
      }
    }
  };
}
