import type { Clock } from "../domain/clock.ts";
import type { FindRefs } from "../domain/mention.ts";
import { boardStore } from "./board/board-store.ts";
import { changeLog } from "./change-log.ts";
import { commentStore } from "./comment-store.ts";
import { openDatabase } from "./database/open-database.ts";
import { historyStore } from "./history-store.ts";
import { linkStore } from "./links/link-store.ts";
import { readUnreadTexts } from "./links/unread-texts.ts";
import { mirrorStore } from "./mirror/mirror-store.ts";
import { checkVersion, migrate } from "./schema/migrate.ts";
import { rankStore } from "./ranks/rank-store.ts";
import { sourceStore } from "./sources/source-store.ts";
import { outboxStore } from "./outbox/outbox-store.ts";
import type { Store } from "./store.ts";
import { answerStore } from "./answers/answer-store.ts";
import { undoStore } from "./undo/undo-store.ts";
import { workStore } from "./work/work-store.ts";
import { dueEntries } from "./search/due-entries.ts";
import { viewStore } from "./view-store.ts";

export type StoreOptions = {
  /** `postgres://…`; null: the file. */
  readonly databaseUrl: string | null;
  readonly file: string;
  readonly clock: Clock;
  /** How texts are read for the issues they name; absent: nothing is found in them. */
  readonly findRefs?: FindRefs;
  /** For commands that only look while no server runs: nothing is created or brought up to date, writes are refused. */
  readonly readOnly?: boolean;
  /** Called before the mirror of an earlier version is changed: on a large one that takes a while. */
  readonly onOlder?: () => void;
  /** Smaller than usual, so that tests meet them. */
  readonly limits?: {
    /** Refuses to let the file grow beyond so many pages, as a full disk would. */
    readonly maxPages?: number;
    /** See `openFinder`. */
    readonly fewMatches?: number;
  };
};

/**
 * Opens the mirror and brings it up to this version's schema.
 * Throws `unsupported` for a mirror that a newer version has written; of one that is to be read only `not_found`
 * where it is missing, and `OlderMirrorError` where an earlier version wrote it.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl, file, clock, readOnly = false, limits = {} } = options;
  const database = await openDatabase({
    databaseUrl,
    file,
    readOnly,
    ...(limits.maxPages === undefined ? {} : { maxPages: limits.maxPages }),
    findRefs: options.findRefs ?? (() => []),
    clock,
  });
  try {
    await (readOnly ? checkVersion(database) : migrate(database, undefined, options.onOlder));
    if (!readOnly) await readUnreadTexts(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  const due = dueEntries(database);
  let closed: Promise<void> | null = null;
  return {
    sources: sourceStore(database),
    mirror: mirrorStore(database),
    board: boardStore(database, due, limits.fewMatches),
    views: viewStore(database),
    changes: changeLog(database),
    comments: commentStore(database),
    history: historyStore(database),
    outbox: outboxStore(due.noticing(database)),
    undo: undoStore(database),
    answers: answerStore(database),
    links: linkStore(database),
    ranks: rankStore(database),
    work: workStore(database),
    check: () => database.check(),
    close: () => (closed ??= due.close().then(() => database.close())),
  };
}
