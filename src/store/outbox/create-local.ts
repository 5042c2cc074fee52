import { randomUUID } from "node:crypto";
import type { NativeIssue } from "../../domain/issue.ts";
import { localIdPrefix, type NativeDraft } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { indexNews } from "../links/index-news.ts";
import { noteNews } from "../mirror/note-news.ts";
import { emptyChangeSet, take, writeChanges } from "../mirror/change-set.ts";
import type { News } from "../mirror/find-news.ts";
import { plainText, toRecord } from "../mirror/native-record.ts";
import { saveVocabulary } from "../mirror/vocabulary.ts";
import { writeNews } from "../mirror/write-news.ts";
import { accountOf, getSource, type SourceRecord } from "../sources/source-record.ts";
import { recordUndo } from "../undo/record-undo.ts";
import { writeOperationHistory } from "./operation-history.ts";
import { insertOperation } from "./operation-writes.ts";
import type { Author, Queued } from "./outbox.ts";

/** See `OutboxStore.create`. */
export async function createLocal(
  db: Trx,
  made: { readonly sourceId: number; readonly draft: NativeDraft; readonly author: Author },
): Promise<Queued & { readonly ref: string }> {
  const { sourceId, draft, author } = made;
  const source = await getSource(db, sourceId);
  const at = db.clock.now();
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
  const words = await saveVocabulary(db, source, {}, [issue.issue]);
  const news: News = { id, ...issue, shown: issue.issue, requestedAt: 0, before: null };
  const [look] = await writeNews(db, source, words, [news], "soon");
  if (look === undefined) throw new Error("one issue gives one look");
  noteNews(source, news, look, changes);
  await indexNews(db, source, [news], changes);
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
    db,
    { issueId: id, ref, title: look.title, actor: author.actor, at, operationId: operation, state: "pending" },
    [{ field: "created", from: null, to: null }],
  );
  await recordUndo(db, { author, issueId: id, ref, operation, change: { kind: "create" }, at });
  const change = await writeChanges(db, source.connectionId, changes);
  return { operation, issueId: id, ref, connection: source.config.connection, change };
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

/** The tracker decides the initial state of new issues; until it answers, the backlog's state is shown. */
function firstState({ mapping }: SourceRecord): string {
  const rules = mapping?.statusRules ?? [];
  const rule =
    rules.find(({ status, label, outward }) => status === "backlog" && label === undefined && outward !== false) ??
    rules.find(({ label }) => label === undefined);
  return rule?.stateId ?? "unknown";
}
