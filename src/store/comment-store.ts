import { sql } from "kysely";
import { PanopticonError } from "../domain/error.ts";
import { toPerson } from "./board/cards.ts";
import type { Database, Trx } from "./database/database.ts";
import { applyRenames } from "./mirror/apply-page.ts";
import { emptyChangeSet, writeChanges } from "./mirror/change-set.ts";
import { fromRecord, plainText } from "./mirror/native-record.ts";
import { saveVocabulary } from "./mirror/vocabulary.ts";
import { commentRows } from "./schema/bulk-tables.ts";
import { getSource } from "./sources/source-record.ts";
import type { CommentStore, StoredComment } from "./store.ts";

export function commentStore(database: Database): CommentStore {
  return {
    list: (issueId) => database.read((db) => readComments(db, issueId)),
    replace: (issueId, comments, seen, at) =>
      database.write("pulled", async (db) => {
        const issue = await getIssue(db, issueId);
        const source = await getSource(db, issue.source_id);
        const changes = emptyChangeSet();
        const authors = comments.map((comment) => comment.authorId);
        const words = await saveVocabulary(database, db, source, seen, [], authors);
        await applyRenames(database, db, source, words, changes);

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
        ]);
        await database.insertMany(db, commentRows, rows);
        await db.updateTable("issue").set({ comments_at: at }).where("id", "=", issueId).execute();
        if (JSON.stringify(await readComments(db, issueId)) !== before) {
          changes.refs.add(issue.ref);
          changes.changed += 1;
          await database.search.write(db, [
            {
              id: issueId,
              head: `${issue.ref}\n${issue.title}`,
              body: fromRecord(issue.record).body,
              comments: comments.map((comment) => comment.body).join("\n"),
            },
          ]);
        }
        return writeChanges(database, db, source.connectionId, changes);
      }),
  };
}

async function readComments(db: Trx, issueId: number): Promise<readonly StoredComment[]> {
  const { rows } = await sql<{
    native_id: string;
    body: string;
    created_at: number;
    updated_at: number;
    author_id: string | null;
    login: string | null;
    name: string | null;
    avatar_url: string | null;
  }>`
    select c.native_id, c.body, c.created_at, c.updated_at, p.native_id as author_id, p.login, p.name, p.avatar_url
    from comment c left join person p on p.id = c.author_id
    where c.issue_id = ${issueId} order by c.position`.execute(db);
  return rows.map((row) => ({
    id: row.native_id,
    authorId: row.author_id,
    body: row.body,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    author: row.author_id === null ? null : toPerson(row.author_id, row.login, row.name, row.avatar_url),
    own: false,
    pending: false,
  }));
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
