import { sql } from "kysely";
import type { Clock } from "../../domain/clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { RelationChange } from "../../domain/operation.ts";
import type { Database } from "../database/database.ts";
import { writeChanges } from "../mirror/change-set.ts";
import { queueComment } from "./comment-operations.ts";
import { createLocal } from "./create-local.ts";
import { dropOperation } from "./drop-operation.ts";
import { queueEdit } from "./edit-operation.ts";
import { writeOperationHistory } from "./operation-history.ts";
import { getOperation, readOperations } from "./operation-row.ts";
import { insertOperation, updateOperation } from "./operation-writes.ts";
import type { OutboxStore, Queued } from "./outbox.ts";
import { resolveConflict } from "./resolve-conflict.ts";
import { retryOperation } from "./retry-operation.ts";
import { openScene, readScene, type Scene, showAnew } from "./scene.ts";
import { sendingStore } from "./sending-store.ts";

/** See `OutboxStore`. */
export function outboxStore(database: Database, clock: Clock): OutboxStore {
  const parts = { database, clock };
  return {
    issue: (issueId) =>
      database.read(async (db) => {
        const { row, base, shown } = await readScene(database, db, issueId);
        return { id: row.id, sourceId: row.sourceId, ref: row.ref, base, shown };
      }),
    edit: (issueId, fields, author) => database.write("user", (db) => queueEdit(parts, db, issueId, fields, author)),
    create: (sourceId, draft, author) =>
      database.write("user", (db) => createLocal(parts, db, { sourceId, draft, author })),
    comment: (issueId, change, author) =>
      database.write("user", (db) => queueComment(parts, db, issueId, change, author)),
    relate: (issueId, { kind, relation }, author) =>
      database.write("user", async (db) => {
        const scene = await openScene(database, db, issueId);
        const at = clock.now();
        const known = (scene.shown.relations ?? []).some(
          ({ type, targetId }) => type === relation.type && targetId === relation.target.nativeId,
        );
        // Making what is there, or ending what is not, is no change; what is known may be incomplete, so ending is always sent.
        if (kind === "relate" && known)
          return unchanged(scene, await writeChanges(database, db, scene.source.connectionId, scene.changes));
        const operation = await insertOperation(db, {
          ...placeOf(scene),
          kind,
          payload: { relation: { ...relation, id: relation.id ?? relationId(scene, relation) } },
          author,
          at,
        });
        const look = await showAnew(database, db, scene);
        await writeOperationHistory(
          database,
          db,
          {
            issueId,
            ref: look.ref,
            title: look.title,
            actor: author.actor,
            at,
            operationId: operation,
            state: "pending",
          },
          [relationLine(kind, relation)],
        );
        return {
          operation,
          issueId,
          change: await writeChanges(database, db, scene.source.connectionId, scene.changes),
        };
      }),
    get: (id) => database.read((db) => getOperation(db, id)),
    list: ({ issueId, limit = 1000 } = {}) =>
      database.read((db) =>
        issueId === undefined
          ? readOperations(
              db,
              sql<boolean>`o.settled_at is null`,
              sql`order by case o.state when 'refused' then 0 when 'conflict' then 0 when 'unknown' then 1 else 2 end, o.id limit ${limit}`,
            )
          : readOperations(db, sql<boolean>`o.issue_id = ${issueId}`, sql`order by o.id desc limit ${limit}`),
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
    last: (session) =>
      database.read(async (db) => {
        const [operation] = await readOperations(
          db,
          sql<boolean>`o.session = ${session} and o.undoes is null and o.state not in ('merged', 'dropped', 'undone')`,
          sql`order by o.id desc limit 1`,
        );
        return operation ?? null;
      }),
    retry: (id, more = {}) => database.write("user", (db) => retryOperation(parts, db, id, more)),
    drop: (id, how = "dropped") => database.write("user", (db) => dropOperation(parts, db, id, how)),
    resolve: (id, choices) => database.write("user", (db) => resolveConflict(parts, db, id, choices)),
    undone: (id) =>
      database.write("user", async (db) => {
        const operation = await getOperation(db, id);
        if (operation.state !== "written") {
          throw new PanopticonError("conflict", `Entry ${id} of the outbox is ${operation.state}, not written.`);
        }
        await updateOperation(db, id, { state: "undone", at: clock.now() });
      }),
    sending: sendingStore(database, clock),
  };
}

/** What an operation's row takes from its issue. */
export function placeOf({ row, source }: Scene) {
  return {
    issueId: row.id,
    sourceId: source.id,
    connectionId: source.connectionId,
    ref: row.ref,
    title: row.title,
  };
}

/** Nothing was queued: what was asked for is so already. */
export function unchanged(scene: Scene, change: Queued["change"]): Queued {
  return { operation: null, issueId: scene.row.id, change };
}

function relationId({ base }: Scene, relation: RelationChange): string | null {
  const known = base.relations?.find(
    ({ type, targetId }) => type === relation.type && targetId === relation.target.nativeId,
  );
  return known?.id ?? null;
}

function relationLine(kind: "relate" | "unrelate", { type, target }: RelationChange) {
  const field = type.replaceAll("_", " ");
  return kind === "relate" ? { field, from: null, to: target.key } : { field, from: target.key, to: null };
}
