import { sql } from "kysely";
import type { NativeIssue } from "../../domain/issue.ts";
import type { BulkRow, SearchEntry, Trx } from "../database/database.ts";
import {
  aliasRows,
  assigneeRows,
  baseRows,
  cardRows,
  issueRows,
  labelRows,
  relationRows,
  unreadRelationRows,
} from "../schema/bulk-tables.ts";
import { findCommentTexts } from "../outbox/shown-comments.ts";
import { noteDue } from "../search/note-due.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { News } from "./find-news.ts";
import { saveTypes } from "./issue-types.ts";
import { plainText } from "./native-record.ts";
import { meaningReader } from "./read-meaning.ts";
import type { Meaning } from "./read-meaning.ts";
import { foldRef, parentHandle, refOf } from "./ref.ts";
import { findShadows } from "./shadows.ts";
import type { Words } from "./words.ts";

/** The present appearance of an issue, as needed by other parts of the transaction. */
export type Look = Meaning & { readonly ref: string; readonly title: string; readonly parent: string | null };

/** Writes the rows of new and changed issues; returns their looks, in the order of `news`. `search`: whether their search entries are written now or soon. */
export async function writeNews(
  db: Trx,
  source: SourceRecord,
  words: Words,
  news: readonly News[],
  search: "now" | "soon" = "now",
): Promise<readonly Look[]> {
  if (news.length === 0) return [];
  const types = await saveTypes(
    db,
    news.map(({ shown }) => plainText(shown.type)),
  );
  const read = meaningReader(source.mapping);
  const id = (word: { readonly id: number } | undefined) => word?.id ?? null;

  const looks: Look[] = [];
  const issues: BulkRow[] = [];
  const cards: BulkRow[] = [];
  const labels: BulkRow[] = [];
  const assignees: BulkRow[] = [];
  const relations: BulkRow[] = [];
  const aliases: BulkRow[] = [];
  const searchable: SearchEntry[] = [];
  const renewed = { issue_label: [] as number[], issue_assignee: [] as number[], relation: [] as number[] };
  const comments =
    search === "now"
      ? await findCommentTexts(
          db,
          news.flatMap(({ id: known, before }) => (before === null ? [] : [known])),
        )
      : new Map<number, string>();
  const shadows = await findShadows(
    db,
    source,
    news.flatMap(({ id: known, before }) => (before === null ? [] : [known])),
  );
  for (const entry of news) {
    const { shown: issue, before, requestedAt } = entry;
    const native = read({
      stateId: issue.stateId,
      nativePriority: issue.nativePriority,
      labels: issue.labelIds.map((labelId) => words.label.get(labelId)?.name ?? ""),
    });
    const meaning = { ...native, status: shadows.get(entry.id) ?? native.status };
    const ref = refOf(source, issue);
    const title = plainText(issue.title);
    const parent = parentHandle(issue, source.config.key);
    looks.push({ ...meaning, ref, title, parent });
    issues.push([
      entry.id,
      source.id,
      meaning.status,
      meaning.priority,
      meaning.urgency,
      id(words.state.get(issue.stateId)),
      types.get(plainText(issue.type)) ?? null,
      issue.cycleId === null ? null : id(words.cycle.get(issue.cycleId)),
      issue.nativePriority === null ? null : id(words.native_priority.get(issue.nativePriority)),
      issue.authorId === null ? null : id(words.person.get(issue.authorId)),
      issue.assigneeIds.length,
      issue.createdAt,
      issue.updatedAt,
      issue.closedAt,
      requestedAt,
      before?.row.commentsAt ?? null,
    ]);
    cards.push([
      entry.id,
      source.connectionId,
      source.id,
      issue.nativeId,
      issue.key,
      ref,
      foldRef(ref),
      plainText(issue.url),
      title,
      parent,
      issue.children?.done ?? null,
      issue.children?.total ?? null,
      issue.dueDate,
      issue.estimate,
      issue.commentCount,
    ]);
    if (haveChanged(source, entry, (one) => one.labelIds)) {
      renewed.issue_label.push(entry.id);
      for (const labelId of issue.labelIds) labels.push([entry.id, id(words.label.get(labelId))]);
    }
    if (haveChanged(source, entry, (one) => one.assigneeIds)) {
      renewed.issue_assignee.push(entry.id);
      for (const personId of issue.assigneeIds) assignees.push([entry.id, id(words.person.get(personId))]);
    }
    if (haveChanged(source, entry, (one) => one.relations)) {
      renewed.relation.push(entry.id);
      for (const relation of issue.relations ?? []) {
        relations.push([entry.id, relation.id, relation.type, relation.targetId]);
      }
    }
    const formerKeys = new Set(issue.formerKeys);
    if (before && before.row.key !== issue.key) formerKeys.add(before.row.key);
    for (const key of formerKeys) aliases.push([entry.id, foldRef(key), key]);
    if (!before || before.row.ref !== ref || before.row.title !== title || before.shown.body !== issue.body) {
      searchable.push({
        id: entry.id,
        head: `${ref}\n${title}`,
        body: issue.body,
        comments: comments.get(entry.id) ?? "",
      });
    }
  }

  const bases = news.flatMap(({ id: issueId, text, before }): BulkRow[] =>
    before?.row.record === text ? [] : [[issueId, text]],
  );
  const old = new Set(news.filter((entry) => entry.before !== null).map((entry) => entry.id));
  for (const table of ["issue_label", "issue_assignee", "relation"] as const) {
    const ids = renewed[table].filter((issueId) => old.has(issueId));
    if (ids.length === 0) continue;
    await sql`delete from ${sql.table(table)} where issue_id in ${db.dialect.list(ids)}`.execute(db);
  }
  const isOld = ([issueId]: BulkRow) => old.has(Number(issueId));
  const tables = [
    [issueRows, issues, issues.filter((_, index) => isElsewhere(source, news[index], looks[index]))],
    [cardRows, cards, cards.filter((_, index) => isMoved(source, news[index], looks[index]))],
    [baseRows, bases, []],
  ] as const;
  // A new issue has no existing row.
  for (const [table, rows, unsettled] of tables) {
    const fresh = rows.filter((row) => !isOld(row));
    await db.dialect.insertMany(db, table, fresh);
    if (fresh.length < rows.length) await db.dialect.upsertMany(db, table, rows.filter(isOld), unsettled);
  }
  await db.dialect.insertMany(db, labelRows, labels);
  await db.dialect.insertMany(db, assigneeRows, assignees);
  await db.dialect.upsertMany(db, relationRows, unique(relations));
  await db.dialect.upsertMany(db, aliasRows, unique(aliases));
  const unread = news.filter((entry) => entry.relationsUnread).map((entry): BulkRow => [entry.id]);
  if (unread.length > 0) await db.dialect.upsertMany(db, unreadRelationRows, unread);
  if (search === "now") await db.dialect.search.write(db, searchable);
  else
    await noteDue(
      db,
      searchable.map((entry) => entry.id),
    );
  return looks;
}

/** Whether an issue's column, or its place in the order of creation, differs from its row. */
function isElsewhere({ id }: SourceRecord, entry: News | undefined, look: Look | undefined): boolean {
  const before = entry?.before;
  if (before == null || entry === undefined || look === undefined) return false;
  const { row, shown } = before;
  return row.sourceId !== id || row.status !== look.status || shown.createdAt !== entry.shown.createdAt;
}

/** Whether an issue's name, place or parent differs from its card. */
function isMoved({ id }: SourceRecord, entry: News | undefined, look: Look | undefined): boolean {
  const row = entry?.before?.row;
  if (row === undefined || entry === undefined || look === undefined) return false;
  const { nativeId } = entry.shown;
  return row.sourceId !== id || row.nativeId !== nativeId || row.ref !== look.ref || row.parent !== look.parent;
}

/** Whether the rows of a list must be written: an unchanged list already has them. Words have different ids in another source. */
function haveChanged(source: SourceRecord, { shown, before }: News, list: (issue: NativeIssue) => unknown): boolean {
  if (before === null || before.row.sourceId !== source.id) return true;
  return JSON.stringify(list(before.shown)) !== JSON.stringify(list(shown));
}

/** Removes duplicates: one statement must not contain the same key twice. */
function unique(rows: readonly BulkRow[]): readonly BulkRow[] {
  return rows.length < 2 ? rows : [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
