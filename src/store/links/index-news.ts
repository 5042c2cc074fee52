import type { Trx } from "../database/database.ts";
import type { ChangeSet } from "../mirror/change-set.ts";
import type { News } from "../mirror/find-news.ts";
import { findCommentTexts } from "../outbox/shown-comments.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { indexMentions } from "./index-mentions.ts";

/** Indexes the mentions of new issues and of those with a new body, or a new place, which short refs depend on. */
export async function indexNews(
  db: Trx,
  source: SourceRecord,
  news: readonly News[],
  changes: ChangeSet,
): Promise<void> {
  const unread = news.filter(
    ({ shown, before }) => before === null || before.shown.body !== shown.body || before.row.sourceId !== source.id,
  );
  const comments = await findCommentTexts(
    db,
    unread.flatMap(({ id, before }) => (before === null ? [] : [id])),
  );
  const texts = unread.map(({ id, shown, before }) => ({
    issueId: id,
    text: `${shown.body}\n\n${comments.get(id) ?? ""}`,
    isNew: before === null,
  }));
  await indexMentions(db, source, texts, changes);
}
