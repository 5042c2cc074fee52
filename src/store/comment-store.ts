import { sql } from "kysely";
import { PanopticonError } from "../domain/error.ts";
import { toPerson } from "./board/cards.ts";
import type { Database, Trx } from "./database/database.ts";
import { indexMentions } from "./links/index-mentions.ts";
import { applyRenames } from "./mirror/note-news.ts";
import { emptyChangeSet, writeChanges } from "./mirror/change-set.ts";
import { plainText } from "./mirror/native-record.ts";
import { saveVocabulary } from "./mirror/vocabulary.ts";
import { commentRows } from "./schema/bulk-tables.ts";
import { localIdPrefix } from "../domain/operation.ts";
import type { NativeComment, Person } from "../domain/issue.ts";
import { readOperations } from "./outbox/operation-row.ts";
import { readShownBodies } from "./outbox/shown-bodies.ts";
import { findCommentTexts, readOpenCommentChanges, withOpenComments } from "./outbox/shown-comments.ts";
import { fromJson, getSource } from "./sources/source-record.ts";
import type { CommentStore, StoredComment } from "./store.ts";

export function commentStore(database: Database): CommentStore {
  return {
    list: (issueId) => database.read((db) => readComments(db, issueId)),
    replace: (issueId, found, seen, at, requestedAt) =>
      database.write("pulled", async (db) => {
        const comments = requestedAt === undefined ? found : await withWrittenSince(db, issueId, found, requestedAt);
        const issue = await getIssue(db, issueId);
        const source = await getSource(db, issue.source_id);
        const changes = emptyChangeSet();
        const authors = comments.map((comment) => comment.authorId);
        const words = await saveVocabulary(db, source, seen, [], authors);
        await applyRenames(db, source, words, changes);

        const before = JSON.stringify(await readComments(db, issueId));
        await db.deleteFrom("comment").where("issue_id", "=", issueId).execute();
        const byId = new Map(comments.map((comment) => [comment.id, comment]));
        const rows = [...byId.values()].map((comment, position) => [
          issueId,
          comment.id,
          position,
          comment.authorId === null ? null : (words.person.get(comment.authorId)?.id ?? null),
          plainText(comment.body),
          comment.createdAt,
          comment.updatedAt,
          comment.replyTo ?? null,
        ]);
        await db.dialect.insertMany(db, commentRows, rows);
        await db.updateTable("issue").set({ comments_at: at }).where("id", "=", issueId).execute();
        if (JSON.stringify(await readComments(db, issueId)) !== before) {
          changes.refs.add(issue.ref);
          changes.changed += 1;
          const body = (await readShownBodies(db, [{ id: issueId, record: issue.record }])).get(issueId) ?? "";
          const texts = (await findCommentTexts(db, [issueId])).get(issueId) ?? "";
          const text = `${body}\n\n${texts}`;
          await indexMentions(db, source, [{ issueId, text, isNew: false }], changes);
          const head = `${issue.ref}\n${issue.title}`;
          await db.dialect.search.write(db, [{ id: issueId, head, body, comments: texts }]);
        }
        return writeChanges(db, source.connectionId, changes);
      }),
  };
}

/** The stored comments with the open operations applied: pending ones are included, those to be deleted are not. */
async function readComments(db: Trx, issueId: number): Promise<readonly StoredComment[]> {
  const account = await readAccount(db, issueId);
  const again = await findSentAgain(db, issueId);
  const stored = (await readStored(db, issueId)).map((comment): StoredComment => ({
    ...comment,
    own: comment.authorId !== null && comment.authorId === account?.id,
    pending: false,
    sentAgain: again.has(comment.id),
  }));
  return withOpenComments(stored, await readOpenCommentChanges(db, [issueId]), {
    edited: (comment, body) => ({ ...comment, body, pending: true }),
    made: ({ uuid, payload, createdAt }, body) => ({
      id: `${localIdPrefix}${uuid}`,
      authorId: account?.id ?? null,
      body,
      createdAt,
      updatedAt: createdAt,
      author: account,
      own: true,
      pending: true,
      sentAgain: payload.comment?.replaces !== undefined,
      ...(payload.comment?.replyTo !== undefined && { replyTo: payload.comment.replyTo }),
    }),
  });
}

/** The comments as last read from their tracker. */
async function readStored(
  db: Trx,
  issueId: number,
): Promise<readonly Omit<StoredComment, "own" | "pending" | "sentAgain">[]> {
  const { rows } = await sql<{
    native_id: string;
    body: string;
    created_at: number;
    updated_at: number;
    reply_to: string | null;
    author_id: string | null;
    login: string | null;
    name: string | null;
    avatar_url: string | null;
  }>`
    select c.native_id, c.body, c.created_at, c.updated_at, c.reply_to, p.native_id as author_id, p.login, p.name, p.avatar_url
    from comment c left join person p on p.id = c.author_id
    where c.issue_id = ${issueId} order by c.position`.execute(db);
  return rows.map((row) => ({
    id: row.native_id,
    authorId: row.author_id,
    body: row.body,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.reply_to !== null && { replyTo: row.reply_to }),
    author: row.author_id === null ? null : toPerson(row.author_id, row.login, row.name, row.avatar_url),
  }));
}

/** Applies own writes settled since `requestedAt` to comments from the tracker, which may have answered before them. */
async function withWrittenSince(
  db: Trx,
  issueId: number,
  found: readonly NativeComment[],
  requestedAt: number,
): Promise<readonly NativeComment[]> {
  const written = await readOperations(
    db,
    sql<boolean>`o.issue_id = ${issueId} and o.settled_at >= ${requestedAt} and o.state in ('written', 'undone')
      and o.kind in ('comment', 'edit_comment', 'delete_comment')`,
  );
  const since = new Set(written.map(({ payload }) => payload.comment?.id));
  if (since.size === 0) return found;
  const own = new Map((await readStored(db, issueId)).filter(({ id }) => since.has(id)).map((one) => [one.id, one]));
  const kept = found.flatMap((comment) => (since.has(comment.id) ? (own.get(comment.id) ?? []) : [comment]));
  const listed = new Set(found.map(({ id }) => id));
  return [...kept, ...[...own.values()].filter(({ id }) => !listed.has(id))];
}

/** Ids of the comments posted to undo a deletion. */
async function findSentAgain(db: Trx, issueId: number): Promise<ReadonlySet<string>> {
  const written = await readOperations(
    db,
    sql<boolean>`o.issue_id = ${issueId} and o.kind = 'comment' and o.settled_at is not null`,
  );
  return new Set(
    written.flatMap(({ payload: { comment } }) =>
      comment?.replaces === undefined || comment.id === null ? [] : [comment.id],
    ),
  );
}

/** The account of the credentials that the issue's connection uses. */
async function readAccount(db: Trx, issueId: number): Promise<Person | null> {
  const { rows } = await sql<{ account: string | null; connection_id: number }>`
    select n.account, n.id as connection_id from card c join connection n on n.id = c.connection_id where c.issue_id = ${issueId}`.execute(
    db,
  );
  const account = fromJson<{ readonly id: string; readonly login: string; readonly name: string }>(
    rows[0]?.account ?? null,
  );
  if (account === null) return null;
  const known = await sql<{ login: string; name: string; avatar_url: string | null }>`
    select login, name, avatar_url from person
    where scope_id = ${rows[0]?.connection_id ?? 0} and native_id = ${account.id}`.execute(db);
  const row = known.rows[0];
  return toPerson(account.id, row?.login ?? account.login, row?.name ?? account.name, row?.avatar_url ?? null);
}

async function getIssue(db: Trx, issueId: number) {
  const { rows } = await sql<{ source_id: number; ref: string; title: string; record: string }>`
    select c.source_id, c.ref, c.title, b.record
    from card c join base b on b.issue_id = c.issue_id
    where c.issue_id = ${issueId}`.execute(db);
  const issue = rows[0];
  if (!issue) throw new PanopticonError("not_found", "This issue is no longer in the mirror.");
  return issue;
}
