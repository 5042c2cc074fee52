import { sql } from "kysely";
import type { NativeIssue } from "../../domain/issue.ts";
import { localIdPrefix } from "../../domain/operation.ts";
import { unsaidOfFound } from "../../domain/unsaid.ts";
import type { Trx } from "../database/database.ts";
import { addChanges, type ChangeSet } from "../mirror/change-set.ts";
import { accountOf, type SourceRecord } from "../sources/source-record.ts";
import { becomeIssue } from "./name-issue.ts";
import { readOperations } from "./operation-row.ts";
import { updateOperation } from "./operation-writes.ts";
import type { WrittenAnswer } from "./outbox.ts";
import { findScene } from "./scene.ts";

type Pulled = Pick<WrittenAnswer, "seen"> & {
  readonly changes: readonly NativeIssue[];
  /** When each of them was requested. */
  readonly askedAt: (nativeId: string) => number;
};

/**
 * Recognises pulled issues that were created by the source's open creates, whose answers were lost, are in flight, or will be refusals. The local row becomes
 * the issue before the issue can get a row of its own, and the create continues with it at once.
 */
export async function recogniseMade(
  db: Trx,
  source: SourceRecord,
  { changes: pulled, seen, askedAt }: Pulled,
  changes: ChangeSet,
): Promise<void> {
  const marked = pulled.filter(({ madeBy }) => madeBy != null);
  if (marked.length === 0) return;
  const creates = await readOperations(
    db,
    sql<boolean>`o.connection_id = ${source.connectionId} and o.source_id = ${source.id} and o.settled_at is null
      and o.kind = 'create' and o.first_sent_at is not null and c.native_id like ${`${localIdPrefix}%`}`,
  );
  if (creates.length === 0) return;
  const account = await accountOf(db, source);
  for (const create of creates) {
    // A copy of an issue copies the mark in its text, so the author is checked; an id that we chose is unique.
    const isOurs = ({ nativeId, madeBy, authorId }: NativeIssue) =>
      madeBy === create.uuid && (nativeId === create.uuid || (authorId !== null && authorId === account));
    const issue = marked.filter(isOurs).reduce<NativeIssue | null>(older, null);
    if (issue === null) continue;
    const scene = await findScene(db, create.issueId);
    if (scene === null) continue;
    const { draft } = create.payload;
    const rest = draft === undefined ? [] : unsaidOfFound(draft, issue, await labelNames(db, source, issue));
    const requestedAt = askedAt(issue.nativeId);
    const answer = { issue, seen, requestedAt };
    await becomeIssue(db, scene, { create, answer, rest, holdsFrom: requestedAt });
    // A create in flight stays `sending` until its answer arrives; any other stops waiting.
    const state = create.state === "sending" ? "sending" : "unknown";
    await updateOperation(db, create.id, { state, nextAttemptAt: null, reason: null, at: db.clock.now() });
    scene.changes.due = true;
    addChanges(changes, scene.changes);
  }
}

async function labelNames(db: Trx, source: SourceRecord, { labelIds }: NativeIssue): Promise<readonly string[]> {
  if (labelIds.length === 0) return [];
  const { rows } = await sql<{ name: string }>`
    select name from label where scope_id = ${source.id} and native_id in ${db.dialect.list(labelIds)}`.execute(db);
  return rows.map(({ name }) => name);
}

/** Prefers the twin that was created first, as in `TrackerWriter.findCreated`. */
function older(one: NativeIssue | null, other: NativeIssue): NativeIssue {
  if (one === null || other.createdAt < one.createdAt) return other;
  if (other.createdAt > one.createdAt) return one;
  return one.nativeId.localeCompare(other.nativeId, "en", { numeric: true }) <= 0 ? one : other;
}
