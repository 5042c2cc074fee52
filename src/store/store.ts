import type {
  NativeAttachment,
  NativeComment,
  NativeIssue,
  NativeRelation,
  Person,
  Vocabulary,
} from "../domain/issue.ts";
import type { ActorKind } from "../domain/actor-kind.ts";
import type { IssueFilter, Sort } from "../domain/filter.ts";
import type { Mapping } from "../domain/mapping.ts";
import type { AnswerStore } from "./answers/answers.ts";
import type { IssueCard } from "./board/issue-card.ts";
import type { Change } from "./change.ts";
import type { RankStore } from "./ranks/ranks.ts";
import type { SourceRow, SourceForm, SyncState } from "./sources/source-row.ts";
import type { UndoStore } from "./undo/undo.ts";
import type { OutboxStore } from "./outbox/outbox.ts";
import type { SourceConfig, SourceInfo } from "../domain/source.ts";
import type { Status } from "../domain/status.ts";
import type { WorkRecords } from "../domain/work-records.ts";
import type { LinkStore } from "./links/links.ts";

/**
 * The mirror on disk: one schema and one set of queries on SQLite and PostgreSQL.
 * Inside, integer ids; native ids only at the edge. Every method is one transaction.
 * Store errors are PanopticonErrors (`internal`, `busy`, or `invalid_input` with a hint: disk full, file not writable, database newer than this version).
 */
export type Store = {
  readonly sources: SourceStore;
  readonly mirror: MirrorStore;
  readonly board: BoardStore;
  readonly views: ViewStore;
  readonly changes: ChangeLog;
  readonly comments: CommentStore;
  readonly history: HistoryStore;
  readonly outbox: OutboxStore;
  readonly undo: UndoStore;
  readonly answers: AnswerStore;
  readonly links: LinkStore;
  readonly ranks: RankStore;
  readonly work: WorkRecords;
  /** Runs the database's own integrity check; gives what it complains about, empty when all is well. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
};

export type SourceStore = {
  /**
   * Makes the mirror's sources those of the configuration. A source that left keeps its row and its issues are hidden
   * (a source that comes back is at once complete); a changed prefix rewrites refs; a changed history resets the cursor when it grew.
   */
  reconcile(desired: readonly SourceConfig[]): Promise<void>;
  list(): Promise<readonly SourceRow[]>;
  get(id: number): Promise<SourceRow>;
  /** `describe` is about to be asked: whoever sets `describedAt` to null from now on asks for another one. */
  beginDescribing(id: number): Promise<void>;
  /**
   * Stores what `describe` gave, and re-reads status and priority of every issue that the new words or mapping change. `begun`: after `beginDescribing`; what
   * was asked for since then stays to be read.
   */
  saveSchema(
    id: number,
    schema: { info: SourceInfo; vocabulary: Vocabulary; mapping: Mapping; form?: SourceForm; at: number; begun?: true },
  ): Promise<Change>;
  /** Everything issues of a source can refer to: its states in the tracker's order, labels, cycles and priorities, and the people who can be assigned. */
  vocabulary(id: number): Promise<Vocabulary>;
  /** Changes parts of the sync state. */
  saveSync(id: number, state: Partial<SyncState>): Promise<void>;
  /** Remembers whose credentials a connection uses: what `assignee: me` means, also with the server down. */
  saveAccount(
    connection: string,
    account: { readonly id: string; readonly login: string; readonly name: string },
  ): Promise<void>;
  /** The remembered accounts by connection. */
  accounts(): Promise<Readonly<Record<string, { readonly id: string; readonly login: string; readonly name: string }>>>;
  /** Remembers that a tracker told a connection to wait. */
  savePause(connection: string, pause: StoredPause): Promise<void>;
  /** The remembered pauses by connection, past ones too. */
  pauses(): Promise<Readonly<Record<string, StoredPause>>>;
};

/** A limit's pause: `until`, and `at`, when it was noted, on this machine's clock. `of` tells whose credentials it was meant for. */
export type StoredPause = { readonly until: number; readonly at: number; readonly of: string };

export type MirrorStore = {
  /**
   * Upserts a page and its resume point in one transaction. An issue whose base is equal is no news.
   * A record requested before the present base was obtained is ignored. One that an open create made (`madeBy`) is the issue that was made here.
   * `unknownIds`: labels, states, people that no row names yet. `overtaken`: something was ignored that may be newer all the same, since answers tell no order.
   */
  applyPage(
    sourceId: number,
    page: {
      readonly changes: readonly NativeIssue[];
      readonly removed: readonly string[];
      readonly rejected: readonly { nativeId: string | null; raw: string; reason: string }[];
      readonly seen: Partial<Vocabulary>;
      readonly requestedAt: number;
      /** Of what was asked for later than that, when, by native id: answers that are stored together were asked for one after the other. */
      readonly askedLater?: ReadonlyMap<string, number>;
      readonly sync: Partial<SyncState>;
    },
  ): Promise<Change & { readonly unknownIds: boolean; readonly overtaken: boolean }>;
  /** Native ids of the mirrored issues of a source, in batches. */
  nativeIds(sourceId: number): AsyncIterable<readonly { nativeId: string; key: string }[]>;
  /** Which of these ids the mirror does not have. */
  missing(sourceId: number, nativeIds: readonly string[]): Promise<readonly string[]>;
  /** Takes issues off the board. `gone`: deleted or moved away in the tracker, with a line in the history; `outside`: older than the history. */
  remove(sourceId: number, nativeIds: readonly string[], why: "gone" | "outside"): Promise<Change>;
  /** Issues that something blocks, as the tracker counts, without it being known what: the latest change first. */
  unreadRelations(sourceId: number, limit: number): Promise<readonly { nativeId: string; key: string }[]>;
  /** These were read alone: what is known of their relations is all there is to know for now. */
  relationsRead(sourceId: number, nativeIds: readonly string[]): Promise<void>;
  /** Native ids of finished issues (done, canceled) without an update since `before`: they are `outside`. */
  closedBefore(sourceId: number, before: number): Promise<readonly string[]>;
  /** This machine's clock was set back: what was obtained later than now was obtained now. Else everything read until then would count as older, and be ignored. */
  clockSetBack(): Promise<void>;
};

export type IssueDetail = IssueCard & {
  readonly sourceId: number;
  /** Markdown. */
  readonly body: string;
  readonly relations: readonly (NativeRelation & {
    /** null where it is not mirrored, like `address` and `status`. */
    ref: string | null;
    /** As the issue's own. */
    address: string | null;
    /** Its ref, else what its tracker calls it; null where that tells its id alone. */
    key: string | null;
    url: string | null;
    tracker: string;
    title: string | null;
    status: Status | null;
    /** `tracker`: the tracker's own. `made`: kept by Panopticon. `text`: found in a body or a comment. */
    origin: "tracker" | "made" | "text";
  })[];
  readonly formerKeys: readonly string[];
  /** null: not known yet; opening the issue asks for them. */
  readonly attachments: readonly NativeAttachment[] | null;
  /** When comments were last fetched; null: never. */
  readonly commentsAt: number | null;
};

export type Window = {
  readonly issues: readonly IssueCard[];
  readonly total: number;
  /** The total by status. */
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly cursor: string | null;
};

/** What `me` means per connection: the account's native person id. */
export type Me = Readonly<Record<string, string>>;

/** A ref or URL as one tracker reads it. */
export type AskedRef = {
  readonly key: string;
  /** Wins over the key. */
  readonly nativeId?: string | undefined;
  readonly prefix: string | null;
  readonly sourceKey: string | null;
  readonly tracker: string;
  readonly host: string | null;
};

export type BoardStore = {
  /** Counts and first cards of each status; true counts after filtering. */
  columns(query: {
    filter: IssueFilter;
    sort: Sort;
    limit: number;
    me: Me;
  }): Promise<readonly (Omit<Window, "byStatus"> & { status: Status })[]>;
  /** One window of a list. A cursor from another filter or sort is `invalid_input`. */
  issues(query: { filter: IssueFilter; sort: Sort; limit: number; cursor: string | null; me: Me }): Promise<Window>;
  /** Without filters: how many issues are mirrored. */
  total(): Promise<number>;
  /** All issues that a ref or URL can mean, read in these ways; several when it is ambiguous. Case-insensitive; former keys included. */
  find(
    ...readings: readonly AskedRef[]
  ): Promise<readonly { id: number; ref: string; project: string; source: string }[]>;
  /** The issue that was made here under this local ref, `new-7`, also after its tracker named it; several never. */
  findLocal(
    ref: string,
  ): Promise<{ readonly id: number; readonly ref: string; readonly project: string; readonly source: string } | null>;
  /** Throws `not_found`. */
  card(id: number): Promise<IssueCard>;
  detail(id: number): Promise<IssueDetail>;
  /** Values to filter by, most used first. */
  facets(): Promise<{
    readonly labels: readonly { name: string; color: string | null; issues: number }[];
    readonly assignees: readonly { login: string; name: string; avatarUrl: string | null; issues: number }[];
    readonly types: readonly { name: string; issues: number }[];
    readonly cycles: readonly { name: string; issues: number }[];
    /** In the order of the workflow; `status`: the first one that an issue of this state has. */
    readonly states: readonly { name: string; status: Status; issues: number }[];
  }>;
};

export type View = { readonly id: string; readonly name: string; readonly query: string; readonly position: number };

export type ViewStore = {
  list(): Promise<readonly View[]>;
  create(view: { name: string; query: string }): Promise<View>;
  remove(id: string): Promise<boolean>;
};

export type ChangeLog = {
  /** The last sequence number. */
  sequence(): Promise<number>;
  /** Refs changed after `sequence`; null when the log no longer reaches that far back (the listener reloads). */
  since(sequence: number): Promise<{ readonly sequence: number; readonly refs: readonly string[] } | null>;
  /** Drops all but the newest `keep` rows. */
  prune(keep: number): Promise<void>;
};

export type StoredComment = NativeComment & {
  readonly author: Person | null;
  /** Written by the connection's account. */
  readonly own: boolean;
  /** It, or its last edit, is on its way to the tracker. */
  readonly pending: boolean;
  /** It takes the deletion of an earlier one back: its text is that one's, its time and id are not. */
  readonly sentAgain: boolean;
};

export type CommentStore = {
  list(issueId: number): Promise<readonly StoredComment[]>;
  /**
   * Replaces an issue's comments by what the tracker has, and makes them searchable. `requestedAt`: when the first of them was asked for, if that takes time; what was
   * written from here since then stays as it was written.
   */
  replace(
    issueId: number,
    comments: readonly NativeComment[],
    seen: Partial<Vocabulary>,
    at: number,
    requestedAt?: number,
  ): Promise<Change>;
};

export type HistoryEntry = {
  readonly id: number;
  readonly at: number;
  readonly ref: string;
  readonly title: string;
  /** `tracker` for what the sync saw. */
  readonly actor: string;
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly state: string;
  /** null where the issue is gone. */
  readonly tracker: string | null;
  /** The outbox's entry whose fate `state` tells; null: it is not on its way any more, or never was. */
  readonly operation: number | null;
};

/** How many entries somebody made in a tracker's issues; `tracker` is null for issues that are gone. */
export type HistoryCount = {
  readonly actor: string;
  readonly tracker: string | null;
  /** How far these changes came, as in `HistoryEntry`. */
  readonly state: string;
  readonly entries: number;
};

/** Which entries of the history; default: all. */
export type HistoryKind = {
  issueId?: number;
  /** Whose changes; default: everybody's. */
  by?: ActorKind;
  /** In the issues of this tracker alone. */
  tracker?: string;
  /** Those alone that were made here and about which nothing is left to be done. */
  settled?: boolean;
};

export type HistoryStore = {
  /** Newest first, under the refs that the issues have now. For the next page give the last entry's `at` and `id`; entries may share a time. */
  list(query: HistoryKind & { limit: number; before?: number; beforeId?: number }): Promise<readonly HistoryEntry[]>;
  /** How many there are in all. */
  total(kind: HistoryKind): Promise<number>;
  /** Counts the entries at or after a time. */
  counts(since: number): Promise<readonly HistoryCount[]>;
};
