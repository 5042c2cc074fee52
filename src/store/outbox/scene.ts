import { sql } from "kysely";
import type { NativeIssue, Vocabulary } from "../../domain/issue.ts";
import { type OpenChange, overlay } from "../../domain/overlay.ts";
import { failMissing } from "../board/card.ts";
import type { Trx } from "../database/database.ts";
import { remember } from "../database/memory.ts";
import { indexNews } from "../links/index-news.ts";
import { applyRenames, noteNews } from "../mirror/note-news.ts";
import { type ChangeSet, emptyChangeSet } from "../mirror/change-set.ts";
import type { News } from "../mirror/find-news.ts";
import { findMirroredIssue, type Mirrored } from "../mirror/mirrored.ts";
import { fromRecord, toRecord } from "../mirror/native-record.ts";
import { saveVocabulary } from "../mirror/vocabulary.ts";
import { type Look, writeNews } from "../mirror/write-news.ts";
import { getSource, type SourceRecord } from "../sources/source-record.ts";
import { findOpenChanges, openChangesOf, readOperations } from "./operation-row.ts";
import type { Operation, Queued } from "./outbox.ts";

/** The state of an issue before a change, inside a transaction on the outbox. */
export type Scene = {
  readonly source: SourceRecord;
  readonly row: Mirrored;
  readonly base: NativeIssue;
  readonly shown: NativeIssue;
  /** Its unsettled operations, in order. */
  readonly waiting: readonly Operation[];
  readonly changes: ChangeSet;
};

/** Opens the scene. Throws `not_found`. */
export async function openScene(db: Trx, issueId: number): Promise<Scene> {
  return (await findScene(db, issueId)) ?? failMissing();
}

/** Opens the scene; null if the issue is gone. */
export async function findScene(db: Trx, issueId: number): Promise<Scene | null> {
  const row = await readRow(db, issueId);
  if (row === undefined) return null;
  return setScene(db, row);
}

/** The same for reading only. */
export async function readScene(db: Trx, issueId: number): Promise<Scene> {
  const row = await readRow(db, issueId);
  if (row === undefined) return failMissing();
  return setScene(db, row);
}

/** The issue's row, remembered because a change reads it again in its write transaction. */
function readRow(db: Trx, issueId: number): Promise<Mirrored | undefined> {
  return remember(db, "issue", `row ${issueId}`, () => findMirroredIssue(db, issueId));
}

async function setScene(db: Trx, row: Mirrored): Promise<Scene> {
  const source = await getSource(db, row.sourceId);
  const texts = await remember(db, "issue", `texts ${row.id}`, async () => {
    const base = fromRecord(row.record);
    const waiting = await readUnsettled(db, row.id);
    return { base, waiting, shown: overlay(base, openChangesOf(waiting)) };
  });
  return { source, row, ...texts, changes: emptyChangeSet() };
}

/** Rereads the scene's operations after a change to some that are not shown. */
export async function readWaiting(db: Trx, scene: Scene): Promise<Scene> {
  return { ...scene, waiting: await readUnsettled(db, scene.row.id) };
}

function readUnsettled(db: Trx, issueId: number): Promise<readonly Operation[]> {
  return readOperations(db, sql<boolean>`o.issue_id = ${issueId} and o.settled_at is null`);
}

/** The tracker's answer, to become the base. */
export type Answer = {
  readonly issue: NativeIssue;
  readonly seen: Partial<Vocabulary>;
  readonly requestedAt: number;
};

/**
 * Rewrites what is shown after a change of the operations, and the new base if there is one. The card always counts as changed, because the state of its
 * operations is part of it. An answer requested before the present base was obtained is ignored. `open`: the present open changes; read if not given.
 */
export async function showAnew(
  db: Trx,
  scene: Scene,
  answer: Answer | null = null,
  open: readonly OpenChange[] | null = null,
): Promise<Look> {
  const { source, row, changes } = scene;
  const fresh = answer !== null && answer.requestedAt >= row.requestedAt ? answer : null;
  const record = fresh === null ? null : toRecord(fresh.issue, scene.base);
  const base = record?.issue ?? scene.base;
  const shown = overlay(base, open ?? (await findOpenChanges(db, [row.id])).get(row.id) ?? []);
  const used = shown === base ? [base] : [base, shown];
  const words = await saveVocabulary(db, source, fresh?.seen ?? {}, used);
  await applyRenames(db, source, words, changes);
  // A renamed label may just have changed the issue's status.
  const present = (words.renamed.label.length > 0 ? await findMirroredIssue(db, row.id) : row) ?? row;
  const news: News = {
    id: row.id,
    issue: base,
    shown,
    requestedAt: fresh?.requestedAt ?? row.requestedAt,
    text: record?.text ?? row.record,
    relationsUnread: record?.relationsUnread ?? false,
    before: { row: present, issue: scene.base, shown: scene.shown },
  };
  const [look] = await writeNews(db, source, words, [news], "soon");
  if (look === undefined) throw new Error("one issue gives one look");
  noteNews(source, news, look, changes);
  await indexNews(db, source, [news], changes);
  changes.refs.add(look.ref);
  return look;
}

/** The columns of an operation's row that come from its issue. */
export function placeOf({ row, source }: Scene) {
  return {
    issueId: row.id,
    sourceId: source.id,
    connectionId: source.connectionId,
    ref: row.ref,
    title: row.title,
  };
}

/** The result if nothing was queued because the requested values are already in place. */
export function unchanged(scene: Scene, change: Queued["change"]): Queued {
  return { operation: null, issueId: scene.row.id, connection: scene.source.config.connection, change };
}
