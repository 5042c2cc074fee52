import { sql } from "kysely";
import type { NativeIssue } from "../../domain/issue.ts";
import { type FieldChange, type IssueAddress, isSetChange, localIdPrefix } from "../../domain/operation.ts";
import { valueOf, withChange } from "../../domain/overlay.ts";
import type { Change } from "../change.ts";
import type { Trx } from "../database/database.ts";
import { addChanges, emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { deleteIssues } from "../mirror/delete-issues.ts";
import { findMirrored, type Mirrored } from "../mirror/mirrored.ts";
import { fromRecord } from "../mirror/native-record.ts";
import { getSource } from "../sources/source-record.ts";
import { adoptTwinRow } from "./adopt-twin-row.ts";
import { refersTo } from "./drop-operation.ts";
import { fieldKey } from "./fold.ts";
import { getOperation, readOperations } from "./operation-row.ts";
import { followName } from "../undo/record-undo.ts";
import { updateOperation } from "./operation-writes.ts";
import type { Operation, WrittenAnswer } from "./outbox.ts";
import { queueUnsaid } from "./queue-unsaid.ts";
import { rebased } from "./rebased.ts";
import { type Answer, findScene, type Scene, showAnew } from "./scene.ts";

/** See `SendingStore.named`. */
export async function nameIssue(
  db: Trx,
  id: number,
  answer: WrittenAnswer,
  rest: readonly FieldChange[],
): Promise<Change> {
  const operation = await getOperation(db, id);
  const scene = await findScene(db, operation.issueId);
  if (scene === null) {
    const source = await getSource(db, operation.sourceId);
    return writeChanges(db, source.connectionId, emptyChangeSet());
  }
  const { source, row, changes } = scene;
  // The answer of an own write is the tracker's present version; answers requested earlier are outdated.
  const holdsFrom = Math.max(db.clock.now(), answer.requestedAt);
  if (row.nativeId.startsWith(localIdPrefix))
    await becomeIssue(db, scene, { create: operation, answer, rest, holdsFrom });
  // A pull recognised it first: the newer version wins. The answer of another issue belongs to a twin.
  else if (row.nativeId === answer.issue.nativeId) {
    await queueUnsaid(db, scene, operation, { issue: answer.issue, rest, written: [] }, db.clock.now());
    const isNewer = row.requestedAt <= answer.requestedAt;
    await showAnew(db, scene, isNewer ? { ...answer, requestedAt: holdsFrom } : null);
  }
  return writeChanges(db, source.connectionId, changes);
}

/**
 * Turns a local issue into the one named by its tracker, redirects references to it, and queues `rest` behind later changes. Answers requested after
 * `holdsFrom` are newer than `answer`. The caller writes the scene's changes.
 */
export async function becomeIssue(
  db: Trx,
  scene: Scene,
  {
    create,
    answer,
    rest,
    holdsFrom,
  }: {
    readonly create: Operation;
    readonly answer: WrittenAnswer;
    readonly rest: readonly FieldChange[];
    readonly holdsFrom: number;
  },
): Promise<void> {
  const { source, row, changes } = scene;
  const local = row.nativeId;
  const at = db.clock.now();
  // A pull may have brought the issue before the answer of the create: merge both rows into the local one.
  const pulled = await findMirrored(db, source.connectionId, [answer.issue.nativeId]);
  const twins = [...pulled.values()].filter((one) => one.id !== row.id);
  const writtenThere = await readWritten(db, twins);
  for (const twin of twins) {
    await adoptTwinRow(db, twin.id, row.id);
    await deleteIssues(
      db,
      { source: await getSource(db, twin.sourceId), issues: [twin], why: "outside", now: at },
      changes,
    );
  }
  changes.removed = 0;

  const address: IssueAddress = {
    nativeId: answer.issue.nativeId,
    key: answer.issue.key,
    sourceKey: source.config.key,
  };
  const others = await readOperations(
    db,
    sql<boolean>`o.connection_id = ${source.connectionId} and o.settled_at is null`,
  );
  const referring = others.filter((other) => refersTo(other, local));
  const scenes = [];
  for (const issueId of new Set(referring.map((other) => other.issueId))) {
    if (issueId !== row.id) scenes.push(await findScene(db, issueId));
  }
  for (const other of referring) await updateOperation(db, other.id, { ...pointedAt(other, local, address), at });
  await followName(db, local, address.nativeId);
  const edits = others.filter((other) => other.issueId === row.id && other.kind === "edit");
  const later: Operation[] = [];
  for (const other of edits.toSorted((one, next) => one.id - next.id)) {
    const fields = other.fields.filter((change) => !isOvertaken(other, change, writtenThere));
    if (fields.length > 0) later.push({ ...other, fields });
    else await updateOperation(db, other.id, { state: "merged", at });
  }
  await queueUnsaid(db, scene, create, { issue: answer.issue, rest, written: writtenThere }, at);
  await showAnew(db, scene, newestOf(answer, twins, holdsFrom));

  // Later edits started from the expected result of the draft, each from the one before: rebase them.
  const present = await findScene(db, row.id);
  if (present !== null) {
    let shown = present.base;
    for (const other of later) {
      const fresh = await rebased(db, { ...present, base: shown }, other.fields);
      const stands = (change: FieldChange) => startsElsewhere(change, scene.base);
      const fields = other.fields.map((change, index) => (stands(change) ? change : (fresh[index] ?? change)));
      await updateOperation(db, other.id, { fields, at });
      shown = fields.reduce(withChange, shown);
    }
  }
  for (const other of scenes) {
    if (other === null) continue;
    await showAnew(db, other, withNamedParent(other, local, address));
    addChanges(changes, other.changes);
  }
}

/**
 * The tracker's present version: the answer, or what was read (or written) of the pulled row since the answer was requested. If the create was only found by a
 * search, another person may have changed that row meanwhile.
 */
function newestOf(answer: WrittenAnswer, twins: readonly Mirrored[], holdsFrom: number): Answer {
  const since = twins.find(({ requestedAt }) => requestedAt > answer.requestedAt);
  if (since === undefined) return { ...answer, requestedAt: holdsFrom };
  return { issue: fromRecord(since.record), seen: answer.seen, requestedAt: since.requestedAt };
}

/** A new issue below the one that was just named: its own version refers to it, too. */
function withNamedParent({ base, row }: Scene, local: string, { nativeId }: IssueAddress): Answer | null {
  return base.parentId === local
    ? { issue: { ...base, parentId: nativeId }, seen: {}, requestedAt: row.requestedAt }
    : null;
}

/** The operations written to pulled rows. */
async function readWritten(db: Trx, rows: readonly Mirrored[]): Promise<readonly Operation[]> {
  if (rows.length === 0) return [];
  const ids = db.dialect.list(rows.map((row) => row.id));
  return readOperations(db, sql<boolean>`o.issue_id in ${ids} and o.kind = 'edit' and o.state = 'written'`);
}

/** Whether the user has changed a value again since, in the pulled row, and the tracker has it: an earlier change must not revert that. */
function isOvertaken(operation: Operation, change: FieldChange, written: readonly Operation[]): boolean {
  if (isSetChange(change)) return false;
  return written.some(
    ({ id, fields }) => id > operation.id && fields.some((other) => fieldKey(other) === fieldKey(change)),
  );
}

/** Whether a text edit started from another text than the draft's; it is then compared with the tracker's, like any other. */
function startsElsewhere(change: FieldChange, draft: NativeIssue): boolean {
  return (change.field === "title" || change.field === "body") && change.from !== valueOf(draft, change.field);
}

function pointedAt(
  { fields, payload }: Operation,
  local: string,
  address: IssueAddress,
): Pick<Operation, "fields" | "payload"> {
  return {
    fields: fields.map((change): FieldChange =>
      change.field === "parent" && change.to === local ? { ...change, to: address.nativeId } : change,
    ),
    payload: {
      ...payload,
      ...(payload.relation?.target.nativeId === local && { relation: { ...payload.relation, target: address } }),
      ...(payload.draft?.parent?.nativeId === local && { draft: { ...payload.draft, parent: address } }),
    },
  };
}
