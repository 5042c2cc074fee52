import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import { localIdPrefix, openStates } from "../../domain/operation.ts";
import type { Change } from "../change.ts";
import type { Database, Trx } from "../database/database.ts";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { getSource } from "../sources/source-record.ts";
import { findMirroredIssue } from "../mirror/mirrored.ts";
import { findRefs } from "../mirror/renamed.ts";
import { addressOf } from "./issue-address.ts";
import { nameIssue } from "./name-issue.ts";
import { findCountingParents } from "./counting-parents.ts";
import { getOperation, anyOpenState, readOperations } from "./operation-row.ts";
import { type OperationChange, updateOperation } from "./operation-writes.ts";
import type { Operation, SendingStore } from "./outbox.ts";
import { findScene, showAnew } from "./scene.ts";
import { settle } from "./settle.ts";
import { waitsForName } from "./waits-for-name.ts";

/** See `SendingStore`. */
export function sendingStore(database: Database): SendingStore {
  return {
    recover: (ids) =>
      database.write("user", async (db) => {
        const meant = ids === undefined ? sql`true` : sql`id in ${db.dialect.list(ids)}`;
        const { rows } = await sql<{ id: number }>`
          update operation set state = 'unknown'
          where state = 'sending' and settled_at is null and ${meant} returning id`.execute(db);
        return rows.length;
      }),
    upcoming: (connection, limit) =>
      database.read(async (db) => {
        const found: Operation[] = [];
        // However many operations wait for a name, the creation that gives it is found behind them.
        for (let offset = 0; ; offset += limit) {
          const some = await readUpcoming(db, connection, limit, offset);
          found.push(...some.filter((operation) => !waitsForName(operation)));
          if (some.length < limit || found.length >= limit) return found.slice(0, limit);
        }
      }),
    recentWrites: (connection, since) =>
      database.read(async (db) => {
        const { rows } = await sql<{ nativeId: string; updatedAt: number }>`
          select distinct c.native_id as "nativeId", i.updated_at as "updatedAt"
          from operation o
          join card c on c.issue_id = o.issue_id
          join issue i on i.id = o.issue_id
          where o.first_sent_at is not null and o.settled_at >= ${since}
            and o.connection_id = (select id from connection where name = ${connection})`.execute(db);
        return rows;
      }),
    address: (sourceId, nativeId) =>
      database.read(async (db) => addressOf(db, await getSource(db, sourceId), nativeId)),
    countingParents: (issueId) => database.read((db) => findCountingParents(db, issueId)),
    hold: (connection, until, reason) =>
      database.write("pulled", async (db) => {
        const { rows } = await sql<WaitingRow>`
          update operation set state = 'waiting', next_attempt_at = ${until}, reason = ${JSON.stringify(reason)}
          where settled_at is null and state in ('queued', 'waiting') and coalesce(next_attempt_at, 0) < ${until}
            and connection_id = (select id from connection where name = ${connection})
          returning issue_id, connection_id`.execute(db);
        return tellWaiting(db, rows);
      }),
    hasten: (connection) =>
      database.write("pulled", async (db) => {
        const { rows } = await sql<WaitingRow>`
          update operation set next_attempt_at = null
          where settled_at is null and state in ('waiting', 'queued') and next_attempt_at is not null
            and (reason is null or reason not like '{"code":"rate_limited"%')
            and connection_id = (select id from connection where name = ${connection})
          returning issue_id, connection_id`.execute(db);
        return tellWaiting(db, rows);
      }),
    clockSetBack: (connection, byMs) =>
      database.write("pulled", async (db) => {
        const now = db.clock.now();
        const { rows } = await sql<WaitingRow>`
          update operation set
            next_attempt_at = case when next_attempt_at > ${now} then next_attempt_at - ${byMs} else next_attempt_at end,
            first_sent_at = case when first_sent_at > ${now} then first_sent_at - ${byMs} else first_sent_at end
          where settled_at is null and (next_attempt_at > ${now} or first_sent_at > ${now})
            and connection_id = (select id from connection where name = ${connection})
          returning issue_id, connection_id`.execute(db);
        await sql`
          update operation set look_again_at = look_again_at - ${byMs}
          where look_again_at > ${now} and connection_id = (select id from connection where name = ${connection})`.execute(
          db,
        );
        return tellWaiting(db, rows);
      }),
    begin: ({ id, issueId, fields, payload }, { steps, lookAt }) =>
      database.write("user", async (db) => {
        const operation = await getOperation(db, id);
        const isSame =
          operation.issueId === issueId &&
          JSON.stringify([operation.fields, operation.payload]) === JSON.stringify([fields, payload]);
        // A pull may meanwhile have brought the issue that an earlier attempt created.
        const isMade = operation.kind === "create" && !(await isLocal(db, issueId));
        if (operation.settledAt !== null || !openStates.includes(operation.state) || !isSame || isMade) {
          throw new PanopticonError("conflict", `Outbox entry ${id} changed before it was sent.`);
        }
        const at = db.clock.now();
        await updateOperation(db, id, {
          state: "sending",
          steps,
          attempts: operation.attempts + 1,
          firstSentAt: operation.firstSentAt ?? at,
          nextAttemptAt: lookAt,
          at,
        });
      }),
    planned: (id, steps, fields) =>
      database.write("user", (db) =>
        updateOperation(db, id, { steps, stepsDone: 0, ...(fields !== undefined && { fields }), at: db.clock.now() }),
      ),
    stepDone: (id, stepsDone) =>
      database.write("user", (db) => updateOperation(db, id, { stepsDone, at: db.clock.now() })),
    postpone: (id, { state, nextAttemptAt, reason }) =>
      database.write("user", async (db) => {
        const operation = await getOperation(db, id);
        if (operation.settledAt !== null) return nothing(db, operation);
        return showStanding(db, operation, { state, nextAttemptAt, reason, at: db.clock.now() });
      }),
    settle: (id, end) => database.write("user", (db) => settle(db, id, end)),
    twinLooks: (connection, limit) =>
      database.read(async (db) => {
        const { rows } = await sql<{ id: number; at: number }>`
          select id, look_again_at as at from operation
          where look_again_at is not null and connection_id = (select id from connection where name = ${connection})
          order by look_again_at limit ${limit}`.execute(db);
        return Promise.all(rows.map(async ({ id, at }) => ({ operation: await getOperation(db, id), at })));
      }),
    lookedForTwins: (id, { twins, nextAt }) =>
      database.write("user", async (db) => {
        const operation = await getOperation(db, id);
        const all = [...new Set([...operation.twins, ...twins])];
        return showStanding(db, operation, { twins: all, lookAgainAt: nextAt, at: db.clock.now() });
      }),
    named: (id, answer, rest) => database.write("user", (db) => nameIssue(db, id, answer, rest)),
  };
}

type WaitingRow = { readonly issue_id: number; readonly connection_id: number };

/** Tells that operations wait for another time than before, which their cards show. */
async function tellWaiting(db: Trx, rows: readonly WaitingRow[]): Promise<Change> {
  const changes = emptyChangeSet();
  for (const ref of await findRefs(db, [...new Set(rows.map((row) => row.issue_id))])) changes.refs.add(ref);
  return writeChanges(db, rows[0]?.connection_id ?? 0, changes);
}

/** Whether an issue has not been named by its tracker yet. */
async function isLocal(db: Trx, issueId: number): Promise<boolean> {
  const row = await findMirroredIssue(db, issueId);
  return row !== undefined && row.nativeId.startsWith(localIdPrefix);
}

/** Changes an operation's state and updates its card. */
async function showStanding(db: Trx, operation: Operation, change: OperationChange): Promise<Change> {
  const scene = await findScene(db, operation.issueId);
  await updateOperation(db, operation.id, change);
  if (scene !== null) {
    await showAnew(db, scene);
    return writeChanges(db, scene.source.connectionId, scene.changes);
  }
  return nothing(db, operation);
}

async function nothing(db: Trx, operation: Operation): Promise<Change> {
  const source = await getSource(db, operation.sourceId);
  return writeChanges(db, source.connectionId, emptyChangeSet());
}

/** The first unsettled operation of each issue that may be sent, the ones due earliest first; some may still wait for another issue's name. */
function readUpcoming(db: Trx, connection: string, limit: number, offset: number): Promise<readonly Operation[]> {
  return readOperations(
    db,
    sql<boolean>`o.settled_at is null and o.state in ('queued', 'waiting', 'unknown')
      and o.connection_id = (select id from connection where name = ${connection}) and s.hidden = 0
      and not exists (
        select 1 from operation earlier
        where earlier.issue_id = o.issue_id and earlier.id < o.id and earlier.settled_at is null
          and earlier.state in ${anyOpenState})
      and (o.kind = 'create' or c.native_id is null or c.native_id not like 'new:%')`,
    sql`order by coalesce(o.next_attempt_at, 0), o.id limit ${limit} offset ${offset}`,
  );
}
