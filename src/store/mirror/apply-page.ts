import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";
import { indexNews } from "../links/index-news.ts";
import { recogniseMade } from "../outbox/recognise-made.ts";
import { getSource, saveSync } from "../sources/source-record.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { MirrorStore } from "../store.ts";
import { emptyChangeSet, writeChanges } from "./change-set.ts";
import { deleteIssues } from "./delete-issues.ts";
import { findNews } from "./find-news.ts";
import type { News, SeenAgain } from "./find-news.ts";
import { writeHistory } from "./history-lines.ts";
import { findMirrored } from "./mirrored.ts";
import type { Mirrored } from "./mirrored.ts";
import { applyRenames, noteNews } from "./note-news.ts";
import type { Page } from "./page.ts";
import { forgetRejects, saveRejects } from "./rejects.ts";
import { findTombstones, removeTombstones, writeTombstones } from "./tombstones.ts";
import { saveVocabulary } from "./vocabulary.ts";
import type { Words, WordTable } from "./words.ts";
import { writeNews } from "./write-news.ts";

/** See `MirrorStore.applyPage`. */
export function applyPage(database: Database, sourceId: number, page: Page): ReturnType<MirrorStore["applyPage"]> {
  return database.write("pulled", async (db) => {
    const source = await getSource(db, sourceId);
    const { connectionId } = source;
    const changes = emptyChangeSet();
    const now = db.clock.now();

    const removed = new Set(page.removed);
    const incoming = new Map(page.changes.map((issue) => [issue.nativeId, issue]));
    for (const nativeId of removed) incoming.delete(nativeId);
    const ids = [...incoming.keys(), ...removed];

    const named = await saveVocabulary(db, source, page.seen, [...incoming.values()]);
    await applyRenames(db, source, named, changes);
    const tombstones = await findTombstones(db, connectionId, ids);
    const askedAt = (nativeId: string) => page.askedLater?.get(nativeId) ?? page.requestedAt;
    const alive = [...incoming.values()].filter(({ nativeId }) => askedAt(nativeId) >= (tombstones.get(nativeId) ?? 0));
    await recogniseMade(db, source, { changes: alive, seen: page.seen, askedAt }, changes);

    const mirrored = await findMirrored(db, connectionId, ids);
    const found = await findNews(db, { sourceId, askedAt }, incoming.values(), mirrored, tombstones);
    const { news, again, overtaken } = found;
    const words = await withOverlaid(db, source, named, news);
    const looks = await writeNews(db, source, words, news);
    news.forEach((entry, index) => {
      const look = looks[index];
      if (look) noteNews(source, entry, look, changes);
    });
    await indexNews(db, source, news, changes);
    await writeHistory(db, source, news, looks, now);
    await seenAgain(db, again);

    const gone = [...removed]
      .map((nativeId) => mirrored.get(nativeId))
      .filter((row): row is Mirrored => row?.sourceId === sourceId && row.requestedAt <= askedAt(row.nativeId));
    await deleteIssues(db, { source, issues: gone, why: "gone", now }, changes);
    const dead = [...removed].filter((nativeId) => {
      const row = mirrored.get(nativeId);
      const known = row ? row.requestedAt : (tombstones.get(nativeId) ?? 0);
      return askedAt(nativeId) >= known && (row === undefined || row.sourceId === sourceId);
    });
    await writeTombstones(db, connectionId, dead, askedAt);
    const risen = alive.map(({ nativeId }) => nativeId).filter((nativeId) => tombstones.has(nativeId));
    await removeTombstones(db, connectionId, risen);

    await forgetRejects(db, sourceId, ids);
    await saveRejects(db, sourceId, page.rejected, now);
    const brought = changes.changed + changes.removed > 0;
    const lastChangeAt = brought ? changeTime(source, page.changes, now) : source.sync.lastChangeAt;
    await saveSync(db, sourceId, { lastChangeAt, ...page.sync });
    return { ...(await writeChanges(db, connectionId, changes)), unknownIds: words.unknown, overtaken };
  });
}

/** When a source last changed, as a page shows. What a first run reads is news to the mirror only: it changed when its tracker says. */
function changeTime(source: SourceRecord, changes: Page["changes"], now: number): number {
  if (source.sync.cursor !== null) return now;
  return changes.reduce(
    (latest, { updatedAt }) => Math.max(latest, Math.min(updatedAt, now)),
    source.sync.lastChangeAt ?? 0,
  );
}

/** Adds the words that only the user's open changes refer to, to those of the page. */
async function withOverlaid(db: Trx, source: SourceRecord, words: Words, news: readonly News[]): Promise<Words> {
  const overlaid = news.flatMap(({ issue, shown }) => (shown === issue ? [] : [shown]));
  if (overlaid.length === 0) return words;
  const more = await saveVocabulary(db, source, {}, overlaid);
  const both = (table: WordTable) => new Map([...words[table], ...more[table]]);
  return {
    ...words,
    state: both("state"),
    label: both("label"),
    cycle: both("cycle"),
    native_priority: both("native_priority"),
    person: both("person"),
  };
}

/** Updates the request time of unchanged records, so that older answers are recognised. */
async function seenAgain(db: Trx, again: readonly SeenAgain[]): Promise<void> {
  for (const [requestedAt, rows] of Map.groupBy(again, (row) => row.requestedAt)) {
    await sql`
      update issue set requested_at = ${requestedAt}
      where id in ${db.dialect.list(rows.map(({ id }) => id))} and requested_at < ${requestedAt}`.execute(db);
  }
}
