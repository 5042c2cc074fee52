import { sql } from "kysely";
import { foldName } from "../../domain/fold-name.ts";
import { type FieldChange, isScalarChange, isSetChange, localIdPrefix, openStates } from "../../domain/operation.ts";
import { type OpenChange, valueOf } from "../../domain/overlay.ts";
import { statuses } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import { writeChanges } from "../mirror/change-set.ts";
import { findMirrored } from "../mirror/mirrored.ts";
import { refuseCircle } from "../links/refuse-circle.ts";
import { endShadow, writeShadow } from "../mirror/shadows.ts";
import { recordUndo, undoesSentKept } from "../undo/record-undo.ts";
import { changeDraft } from "./change-draft.ts";
import { asSeen, withoutNoise } from "./fold.ts";
import { foldEarlier } from "./fold-earlier.ts";
import { toLines, writeOperationHistory } from "./operation-history.ts";
import { openChangesOf } from "./operation-row.ts";
import { historyState, insertOperation } from "./operation-writes.ts";
import type { Author, Operation, Queued, WrittenAnswer } from "./outbox.ts";
import { noteDecided } from "./queue-unsaid.ts";
import { openScene, placeOf, readWaiting, type Scene, showAnew, unchanged } from "./scene.ts";
import { statusReader } from "./status-reader.ts";
import { undoWaiting, type WaitsAnew, withdrawOwn } from "./undo-waiting.ts";

/** See `OutboxStore.edit`. */
export async function queueEdit(
  db: Trx,
  issueId: number,
  asked: readonly FieldChange[],
  author: Author,
  how?: "as kept here",
): Promise<Queued> {
  const found = await openScene(db, issueId);
  const { source } = found;
  const at = db.clock.now();
  const finish = () => writeChanges(db, source.connectionId, found.changes);

  const { kept, rest } = await keepShadow(db, found, asked, how === undefined ? author : "sent");
  const { scene, rest: asks, waits } = await undoWhereItWaits(db, found, rest, author, at);
  const fields = asks.flatMap((change) => withoutNoise(scene.shown, change) ?? []);
  if (fields.length === 0 && kept.length === 0 && author.undoes === undefined) return unchanged(scene, await finish());
  await refuseParentCircle(db, scene, fields);

  // The change as the user sees it, before it is folded below.
  const seen = asSeenNow(scene, fields);
  const keptLines = await toLines(db, source, kept);
  const lines = await toLines(db, source, seen);
  const isStale = fields.some((change) => isScalarChange(change) && change.from !== valueOf(scene.shown, change.field));
  const creating = isStale ? null : findUnsentCreate(scene);
  let operation: number | null = null;
  let local: WrittenAnswer | null = null;
  let open: readonly OpenChange[] | null = null;
  if (fields.length > 0 && creating !== null) {
    const issue = await changeDraft(db, scene, creating, fields, at);
    local = { issue, seen: {}, requestedAt: scene.row.requestedAt };
    operation = creating.id;
  } else if (fields.length > 0) {
    const { remaining, isFolded } = await foldEarlier(db, scene, fields, {
      at,
      isUndo: author.undoes !== undefined,
    });
    const added: readonly OpenChange[] = remaining.length > 0 ? [{ kind: "edit", fields: remaining, at }] : [];
    if (!isFolded) open = [...openChangesOf(scene.waiting), ...added];
    if (remaining.length > 0) {
      operation = await insertOperation(db, {
        ...placeOf(scene),
        kind: "edit",
        fields: remaining,
        author,
        at,
      });
    }
  } else if (kept.length > 0) {
    operation = await insertOperation(db, {
      ...placeOf(scene),
      kind: "edit",
      fields: kept,
      author,
      at,
      state: "written",
    });
  }
  await noteDecided(db, scene, fields, at);
  const look = await showAnew(db, scene, local, open);
  const about = { issueId, ref: look.ref, title: look.title, actor: author.actor, at };
  // What stays here is not on its way to a tracker, whatever is changed along with it.
  const keptBy = fields.length > 0 ? null : operation;
  await writeOperationHistory(db, { ...about, operationId: keptBy, state: "kept" }, keptLines);
  const state = operation === null ? "written" : "pending";
  await writeOperationHistory(db, { ...about, operationId: operation, state }, lines);
  for (const { operation: waiting, inverse } of waits) {
    const of = { ...about, operationId: waiting.id, state: historyState(waiting.state) };
    await writeOperationHistory(db, of, await toLines(db, source, inverse));
  }
  await recordUndo(db, {
    author,
    issueId,
    ref: look.ref,
    operation,
    change: { kind: "edit", fields: [...kept, ...seen], ...(how !== undefined && { sentKept: true }) },
    at,
  });
  return { operation, issueId, connection: source.config.connection, change: await finish() };
}

/** Undoes the part of a change that waits for the user, or was never sent, in place; returns `rest` to be changed in the resulting scene. */
async function undoWhereItWaits(
  db: Trx,
  scene: Scene,
  fields: readonly FieldChange[],
  { undoes }: Author,
  at: number,
): Promise<{ readonly scene: Scene; readonly rest: readonly FieldChange[]; readonly waits: readonly WaitsAnew[] }> {
  if (undoes === undefined) return { scene, rest: fields, waits: [] };
  if (undoes.withdraw !== undefined) await withdrawOwn(db, scene, undoes.withdraw, at);
  const undone = await undoWaiting(db, await readWaiting(db, scene), fields, at);
  return { scene: await readWaiting(db, scene), ...undone };
}

async function refuseParentCircle(db: Trx, { source, row }: Scene, fields: readonly FieldChange[]): Promise<void> {
  const change = fields.find(({ field }) => field === "parent");
  if (change?.field !== "parent" || typeof change.to !== "string") return;
  const parent = (await findMirrored(db, source.connectionId, [change.to])).get(change.to);
  if (parent !== undefined) await refuseCircle(db, { childId: row.id, parentId: parent.id });
}

/** Changes relative to the shown values, whatever text they started from; the tracker's own fields relative to a waiting value, if there is one. */
function asSeenNow({ shown, waiting }: Scene, fields: readonly FieldChange[]): readonly FieldChange[] {
  const seen = fields.map((change) => asSeen(shown, change));
  if (!fields.some((change) => change.field === "custom")) return seen;
  const open = waiting.filter(({ kind, state }) => kind === "edit" && openStates.includes(state));
  const wanted = new Map(
    open.flatMap((operation) =>
      operation.fields.flatMap((change): [string, unknown][] =>
        change.field === "custom" ? [[change.id, change.to]] : [],
      ),
    ),
  );
  return seen.map((change) =>
    change.field === "custom" && wanted.has(change.id) ? { ...change, from: wanted.get(change.id) } : change,
  );
}

/**
 * Keeps a shadowed project's move local: `kept` is the status alone, and `rest` leaves out what would write it (the state, the labels that stand for statuses).
 * A move that is sent ends the local status, as does one back to the tracker's. Undoing one that was sent after it had been kept keeps it again.
 */
async function keepShadow(
  db: Trx,
  { source, row, shown }: Scene,
  fields: readonly FieldChange[],
  by: Author | "sent",
): Promise<{ readonly kept: readonly FieldChange[]; readonly rest: readonly FieldChange[] }> {
  const move = fields.find((change) => change.field === "status");
  if (move === undefined || move.field !== "status") return { kept: [], rest: fields };
  if (by !== "sent" && (await undoesSentKept(db, by))) {
    await writeShadow(db, row.id, statuses.indexOf(move.from));
    return { kept: [], rest: fields };
  }
  if (by === "sent" || !source.config.shadow) {
    await endShadow(db, row.id);
    return { kept: [], rest: fields };
  }
  const isTrackers = (await statusReader(db, source, shown.labelIds))(shown) === move.to;
  await (isTrackers ? endShadow(db, row.id) : writeShadow(db, row.id, statuses.indexOf(move.to)));
  const meaning = new Set(
    (source.mapping?.statusRules ?? []).flatMap(({ label }) => (label === undefined ? [] : [foldName(label)])),
  );
  const { rows } = await sql<{ id: string; name: string }>`
    select native_id as id, name from label where scope_id = ${source.id} and native_id in ${db.dialect.list(
      fields.flatMap((change) => (change.field === "labels" ? [...change.add, ...change.remove] : [])),
    )}`.execute(db);
  const ofStatus = new Set(rows.filter(({ name }) => meaning.has(foldName(name))).map(({ id }) => id));
  const others = (ids: readonly string[]) =>
    ids.filter((id) => !ofStatus.has(id) && !meaning.has(foldName(id.replace(/^name:/, ""))));
  const rest = fields.flatMap((change): FieldChange[] => {
    if (change.field === "status" || change.field === "state") return [];
    if (!isSetChange(change) || change.field !== "labels") return [change];
    const left = { ...change, add: others(change.add), remove: others(change.remove) };
    return left.add.length + left.remove.length === 0 ? [] : [left];
  });
  return { kept: [move], rest };
}

/** The unsent create of a local issue: edits go into its draft, unless some already wait behind it. */
function findUnsentCreate({ row, waiting }: Scene): Operation | null {
  if (!row.nativeId.startsWith(localIdPrefix) || waiting.some(({ kind }) => kind === "edit")) return null;
  return waiting.find(({ kind, firstSentAt }) => kind === "create" && firstSentAt === null) ?? null;
}
