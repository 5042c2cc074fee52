import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { NativeIssue } from "../../domain/issue.ts";
import {
  type FieldChange,
  isScalarChange,
  localIdPrefix,
  type NativeDraft,
  newLabelName,
} from "../../domain/operation.ts";
import { withMembers } from "../../domain/overlay.ts";
import type { Trx } from "../database/database.ts";
import { noteNews } from "../mirror/apply-page.ts";
import { emptyChangeSet, take, writeChanges } from "../mirror/change-set.ts";
import type { News } from "../mirror/find-news.ts";
import { plainText, toRecord } from "../mirror/native-record.ts";
import { saveVocabulary } from "../mirror/vocabulary.ts";
import { writeNews } from "../mirror/write-news.ts";
import { fromJson, getSource, type SourceRecord } from "../sources/source-record.ts";
import { recordUndo } from "../undo/record-undo.ts";
import { changedBase, type Parts } from "./edit-operation.ts";
import { writeOperationHistory } from "./operation-history.ts";
import { insertOperation, updateOperation } from "./operation-writes.ts";
import type { Author, Operation, Queued } from "./outbox.ts";
import type { Scene } from "./scene.ts";

/** See `OutboxStore.create`. */
export async function createLocal(
  { database, clock }: Parts,
  db: Trx,
  made: { readonly sourceId: number; readonly draft: NativeDraft; readonly author: Author },
): Promise<Queued & { readonly ref: string }> {
  const { sourceId, draft, author } = made;
  await database.lockSource(db, sourceId);
  const source = await getSource(db, sourceId);
  const at = clock.now();
  const uuid = randomUUID();
  const id = await take(db, "issue", 1);
  const ref = `new-${await take(db, "local", 1)}`;
  const issue = toRecord(
    {
      ...emptyIssue(`${localIdPrefix}${uuid}`, ref, at),
      ...fromDraft(draft),
      type: draft.type ?? source.form?.types.find(({ creatable }) => creatable)?.name ?? "issue",
      stateId: draft.stateId ?? firstState(source),
      authorId: await accountOf(db, source),
    },
    null,
  );
  const changes = emptyChangeSet();
  const words = await saveVocabulary(database, db, source, {}, [issue.issue]);
  const news: News = { id, ...issue, shown: issue.issue, requestedAt: 0, before: null };
  const [look] = await writeNews(database, db, source, words, [news]);
  if (look === undefined) throw new Error("one issue gives one look");
  noteNews(source, news, look, changes);
  const operation = await insertOperation(db, {
    issueId: id,
    sourceId,
    connectionId: source.connectionId,
    ref,
    title: plainText(draft.title),
    kind: "create",
    payload: { draft },
    author,
    at,
    uuid,
  });
  await writeOperationHistory(
    database,
    db,
    { issueId: id, ref, title: look.title, actor: author.actor, at, operationId: operation, state: "pending" },
    [{ field: "created", from: null, to: null }],
  );
  await recordUndo(db, { author, issueId: id, ref, operation, change: { kind: "create" }, at });
  return { operation, issueId: id, ref, change: await writeChanges(database, db, source.connectionId, changes) };
}

function emptyIssue(nativeId: string, key: string, at: number): NativeIssue {
  return {
    nativeId,
    key,
    formerKeys: [],
    url: "",
    type: "issue",
    title: "",
    body: "",
    stateId: "",
    nativePriority: null,
    labelIds: [],
    assigneeIds: [],
    authorId: null,
    parentId: null,
    cycleId: null,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    dueDate: null,
    estimate: null,
    commentCount: 0,
    children: null,
    relations: null,
    version: null,
  };
}

function fromDraft(draft: NativeDraft): Partial<NativeIssue> {
  return {
    title: draft.title,
    body: draft.body,
    nativePriority: draft.nativePriority,
    labelIds: draft.labels.map((label) => label.id),
    assigneeIds: draft.assigneeIds,
    cycleId: draft.cycleId,
    dueDate: draft.dueDate,
    estimate: draft.estimate,
    parentId: draft.parent?.nativeId ?? null,
  };
}

/** Where the tracker puts new issues is its own affair; until it tells, the backlog's state is shown. */
function firstState({ mapping }: SourceRecord): string {
  const rules = mapping?.statusRules ?? [];
  const rule =
    rules.find(({ status, label, outward }) => status === "backlog" && label === undefined && outward !== false) ??
    rules.find(({ label }) => label === undefined);
  return rule?.stateId ?? "unknown";
}

async function accountOf(db: Trx, source: SourceRecord): Promise<string | null> {
  const row = await db
    .selectFrom("connection")
    .select("account")
    .where("id", "=", source.connectionId)
    .executeTakeFirst();
  return fromJson<{ readonly id: string }>(row?.account ?? null)?.id ?? null;
}

/** Edits of an issue that its tracker has not been asked for yet change what will be asked for. */
export async function changeDraft(
  db: Trx,
  scene: Scene,
  create: Operation,
  fields: readonly FieldChange[],
  at: number,
): Promise<void> {
  const { draft } = create.payload;
  if (draft === undefined) throw new Error("a create has a draft");
  let next = draft;
  for (const change of fields) next = await withDraftChange(db, scene, next, change);
  const { text } = toRecord(changedBase(scene, fields), null);
  await sql`update base set record = ${text} where issue_id = ${scene.row.id}`.execute(db);
  await updateOperation(db, create.id, { payload: { draft: next }, at });
}

async function withDraftChange(
  db: Trx,
  { source }: Scene,
  draft: NativeDraft,
  change: FieldChange,
): Promise<NativeDraft> {
  if (change.field === "status") return draft;
  if (change.field === "custom") return { ...draft, fields: { ...draft.fields, [change.id]: change.to } };
  if (change.field === "assignees") return { ...draft, assigneeIds: withMembers(draft.assigneeIds, change) };
  if (change.field === "labels") {
    const ids = withMembers(
      draft.labels.map((label) => label.id),
      change,
    );
    const known = new Map(draft.labels.map((label) => [label.id, label]));
    const labels = [];
    for (const id of ids) labels.push(known.get(id) ?? { id, name: await labelName(db, source.id, id) });
    return { ...draft, labels };
  }
  if (!isScalarChange(change)) return draft;
  const text = change.to === null ? null : String(change.to);
  switch (change.field) {
    case "title":
      return { ...draft, title: text ?? "" };
    case "body":
      return { ...draft, body: text ?? "" };
    case "state":
      return { ...draft, stateId: text };
    case "priority":
      return { ...draft, nativePriority: text };
    case "cycle":
      return { ...draft, cycleId: text };
    case "dueDate":
      return { ...draft, dueDate: text };
    case "estimate":
      return { ...draft, estimate: change.to === null ? null : Number(change.to) };
    case "type":
      return { ...draft, type: text };
    case "parent":
      return { ...draft, parent: text === null ? null : await addressOf(db, source, text) };
  }
}

async function labelName(db: Trx, sourceId: number, id: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from label where scope_id = ${sourceId} and native_id = ${id}`.execute(db);
  return rows[0]?.name ?? newLabelName(id) ?? id;
}

/** A mirrored issue as its tracker is told of it; one that is not mirrored is known by its id alone. */
export async function addressOf(db: Trx, source: Pick<SourceRecord, "connectionId">, nativeId: string) {
  const { rows } = await sql<{ key: string; config: string }>`
    select c.key, s.config from card c join source s on s.id = c.source_id
    where c.native_id = ${nativeId} and c.connection_id = ${source.connectionId}`.execute(db);
  const row = rows[0];
  if (row === undefined) return { nativeId, key: "", sourceKey: "" };
  return { nativeId, key: row.key, sourceKey: (JSON.parse(row.config) as { key: string }).key };
}
