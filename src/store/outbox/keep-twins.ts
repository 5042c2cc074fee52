import { PanopticonError } from "../../domain/error.ts";
import type { Trx } from "../database/database.ts";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { getSource } from "../sources/source-record.ts";
import { getOperation } from "./operation-row.ts";
import { updateOperation } from "./operation-writes.ts";
import type { Queued } from "./outbox.ts";

/** See `OutboxStore.keepTwins`. */
export async function keepTwins(db: Trx, id: number): Promise<Queued> {
  const operation = await getOperation(db, id);
  if (operation.twins.length === 0) {
    throw new PanopticonError("conflict", `Outbox entry ${id} left no duplicates.`);
  }
  await updateOperation(db, id, { twins: [], lookAgainAt: null, at: db.clock.now() });
  const source = await getSource(db, operation.sourceId);
  const changes = emptyChangeSet();
  changes.refs.add(operation.ref);
  return {
    operation: id,
    issueId: operation.issueId,
    connection: operation.connection,
    change: await writeChanges(db, source.connectionId, changes),
  };
}
