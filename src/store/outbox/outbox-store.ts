import { sql } from "kysely";
import { statuses } from "../../domain/status.ts";
import { readCard } from "../board/card.ts";
import type { Database } from "../database/database.ts";
import { findCommentId, queueComment } from "./comment-operations.ts";
import { createLocal } from "./create-local.ts";
import { dropOperation } from "./drop-operation.ts";
import { queueEdit } from "./edit-operation.ts";
import { keepTwins } from "./keep-twins.ts";
import { getOperation, readOperations } from "./operation-row.ts";
import type { Operation, OutboxStore } from "./outbox.ts";
import { queueRelation } from "./relate-operation.ts";
import { resolveConflict } from "./resolve-conflict.ts";
import { retryOperation } from "./retry-operation.ts";
import { readScene } from "./scene.ts";
import { sendingStore } from "./sending-store.ts";
import { wishOf } from "./undo-waiting.ts";

/** Of operations `o`: unsettled, or with twins to be closed. */
const isListed = sql<boolean>`(o.settled_at is null or o.twins is not null)`;
const inListOrder = sql`
  order by case o.state when 'refused' then 0 when 'conflict' then 0 when 'unknown' then 1 else 2 end, o.id`;

function isMoveUnderWay({ state, fields }: Operation): boolean {
  return (state === "sending" || state === "unknown") && fields.some(({ field }) => field === "state");
}

/** See `OutboxStore`. */
export function outboxStore(database: Database): OutboxStore {
  return {
    issue: (issueId) =>
      database.peek(async (db) => {
        const scene = await readScene(db, issueId);
        const { source, row, base, shown } = scene;
        const status = statuses[row.status] ?? "backlog";
        const wish = wishOf(scene);
        const { id: sourceId, config, info, mapping, form } = source;
        return {
          id: row.id,
          sourceId,
          source: { id: sourceId, config, info, mapping, form },
          ref: row.ref,
          base,
          requestedAt: row.requestedAt,
          shown,
          status,
          isMoving: scene.waiting.some(isMoveUnderWay),
          wanted: { issue: wish.issue, status: wish.status ?? status },
        };
      }),
    edit: (issueId, fields, author, how) =>
      database.write("user", async (db) => {
        const queued = await queueEdit(db, issueId, fields, author, how);
        return { ...queued, card: await readCard(db, issueId) };
      }),
    create: (sourceId, draft, author) => database.write("user", (db) => createLocal(db, { sourceId, draft, author })),
    comment: (issueId, change, author) => database.write("user", (db) => queueComment(db, issueId, change, author)),
    commentId: (issueId, id) => database.read((db) => findCommentId(db, issueId, id)),
    relate: (issueId, change, author) => database.write("user", (db) => queueRelation(db, issueId, change, author)),
    get: (id) => database.read((db) => getOperation(db, id)),
    list: () => database.read((db) => readOperations(db, isListed, inListOrder)),
    listIds: () =>
      database.read(async (db) => {
        const { rows } = await sql<{
          id: number;
        }>`select o.id from operation o where ${isListed} ${inListOrder}`.execute(db);
        return rows.map(({ id }) => id);
      }),
    listSome: (ids) =>
      ids.length === 0
        ? Promise.resolve([])
        : database.read((db) =>
            readOperations(db, sql<boolean>`${isListed} and o.id in ${db.dialect.list(ids)}`, inListOrder),
          ),
    listOf: (issueId, limit = 1000) =>
      database.read((db) =>
        readOperations(db, sql<boolean>`o.issue_id = ${issueId}`, sql`order by o.id desc limit ${limit}`),
      ),
    counts: () =>
      database.read(async (db) => {
        const { rows } = await sql<{ state: string; n: number }>`
          select state, count(*) as n from operation where settled_at is null group by state`.execute(db);
        const of = (fits: (state: string) => boolean) =>
          rows.filter(({ state }) => fits(state)).reduce((sum, { n }) => sum + n, 0);
        return {
          pending: of((state) => state !== "refused" && state !== "conflict"),
          failed: of((state) => state === "refused"),
          conflict: of((state) => state === "conflict"),
        };
      }),
    retry: (id, more = {}) => database.write("user", (db) => retryOperation(db, id, more)),
    drop: (id, how = "dropped") => database.write("user", (db) => dropOperation(db, id, how)),
    keepTwins: (id) => database.write("user", (db) => keepTwins(db, id)),
    resolve: (id, choices) => database.write("user", (db) => resolveConflict(db, id, choices)),
    sending: sendingStore(database),
  };
}
