import { sql } from "kysely";
import type { Trx } from "./database/database.ts";
import { indexMentions } from "./links/index-mentions.ts";
import { plainText } from "./mirror/native-record.ts";
import { saveVocabulary } from "./mirror/vocabulary.ts";
import type { Operation, Settlement } from "./outbox/outbox.ts";
import type { Scene } from "./outbox/scene.ts";
import { findCommentTexts } from "./outbox/shown-comments.ts";
import { commentRows } from "./schema/bulk-tables.ts";
import { noteDue } from "./search/note-due.ts";

/** Stores the tracker's present version of the comment that an operation wrote; null: it was deleted there. */
export async function writeComment(
  db: Trx,
  { source, row }: Scene,
  operation: Operation,
  written: NonNullable<Settlement["comment"]> | null,
): Promise<void> {
  if (written === null) {
    const id = operation.payload.comment?.id ?? "";
    await sql`delete from comment where issue_id = ${row.id} and native_id = ${id}`.execute(db);
  } else {
    const { comment, seen } = written;
    const words = await saveVocabulary(db, source, seen, [], [comment.authorId]);
    const known = await sql<{ position: number; reply_to: string | null }>`
      select position, reply_to from comment where issue_id = ${row.id} and native_id = ${comment.id}`.execute(db);
    const last = await sql<{ position: number }>`
      select coalesce(max(position) + 1, 0) as position from comment where issue_id = ${row.id}`.execute(db);
    const author = comment.authorId === null ? null : (words.person.get(comment.authorId)?.id ?? null);
    await db.dialect.upsertMany(db, commentRows, [
      [
        row.id,
        comment.id,
        known.rows[0]?.position ?? last.rows[0]?.position ?? 0,
        author,
        plainText(comment.body),
        comment.createdAt,
        comment.updatedAt,
        // Not every answer to a write names the thread, and no write changes it.
        comment.replyTo ?? known.rows[0]?.reply_to ?? null,
      ],
    ]);
  }
}

/** Updates an issue's mentions and its search entry after a change of the comments that are shown. */
export async function indexComments(db: Trx, { source, row, shown, changes }: Scene): Promise<void> {
  const texts = await findCommentTexts(db, [row.id]);
  const text = `${shown.body}\n\n${texts.get(row.id) ?? ""}`;
  await indexMentions(db, source, [{ issueId: row.id, text, isNew: false }], changes);
  await noteDue(db, [row.id]);
}

/** Whether an operation changes comments. */
export function isOnComments({ kind }: Pick<Operation, "kind">): boolean {
  return kind === "comment" || kind === "edit_comment" || kind === "delete_comment";
}
