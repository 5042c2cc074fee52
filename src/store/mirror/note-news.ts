import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { type ChangeSet, count } from "./change-set.ts";
import type { News } from "./find-news.ts";
import { showsTheSame } from "./native-record.ts";
import { rederive } from "./rederive.ts";
import { findRenamed } from "./renamed.ts";
import type { Words } from "./words.ts";
import type { Look } from "./write-news.ts";

/** Updates the cards that show renamed words, and the status and priority of issues with renamed labels. */
export async function applyRenames(db: Trx, source: SourceRecord, words: Words, changes: ChangeSet): Promise<void> {
  const { refs, relabelled } = await findRenamed(db, source, words);
  for (const ref of refs) changes.refs.add(ref);
  await rederive(db, source, relabelled, changes);
  changes.changed = changes.refs.size;
}

/** Records what an issue's new look changes: counts, its own card and others'. */
export function noteNews(source: SourceRecord, { shown: issue, before }: News, look: Look, changes: ChangeSet): void {
  const row = before?.row;
  if (row) count(changes, row.sourceId, row.status, -1);
  count(changes, source.id, look.status, 1);
  if (before && row?.ref === look.ref && row.status === look.status && showsTheSame(before.shown, issue)) return;
  changes.changed += 1;
  changes.refs.add(look.ref);
  if (row && row.ref !== look.ref) changes.refs.add(row.ref);
  const asOthersSeeIt = row?.status !== look.status || row.title !== look.title || row.ref !== look.ref;
  if (asOthersSeeIt) {
    changes.affected.push({ nativeId: issue.nativeId, key: issue.key, sourceKey: source.config.key });
  }
  if (look.parent !== null && (asOthersSeeIt || row?.parent !== look.parent)) changes.parents.add(look.parent);
  if (row && row.parent !== null && row.parent !== look.parent) changes.parents.add(row.parent);
}
