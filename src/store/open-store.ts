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
import { shadowStore } from "./shadow-store.ts";
import { viewStore } from "./view-store.ts";

export type StoreOptions = {
  /** `postgres://…`; null: the file. */
  readonly databaseUrl: string | null;
  readonly file: string;
  readonly clock: Clock;
  /** Finds the issues mentioned in texts; absent: none are found. */
  readonly findRefs?: FindRefs;
  /** For commands that only read while no server runs: nothing is created or migrated, writes are refused. */
  readonly readOnly?: boolean;
  /** Called before an earlier version's mirror is migrated, which takes a while on a large one. */
  readonly onOlder?: () => void;
  /** Smaller than usual, so that tests reach them. */
  readonly limits?: {
    /** The maximum number of pages of the file; beyond it writes fail as on a full disk. */
    readonly maxPages?: number;
    /** See `openFinder`. */
    readonly fewMatches?: number;
  };
};

/**
 * Opens the mirror and migrates it to this version's schema.
 * Throws `unsupported` for a mirror written by a newer version; read-only, also `not_found` for a missing one and `OlderMirrorError` for one of an earlier
 * version.
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
    shadows: shadowStore(database),
    work: workStore(database),
    check: () => database.check(),
    close: () => (closed ??= due.close().then(() => database.close())),
  };
}
