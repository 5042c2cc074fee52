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
import type { Grouping } from "../domain/grouping.ts";
import type { Mapping } from "../domain/mapping.ts";
import type { AnswerStore } from "./answers/answers.ts";
import type { Group } from "./board/group.ts";
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
 * The mirror on disk: one schema and one set of queries for SQLite and PostgreSQL.
 * It uses integer ids internally, and native ids only at its edges. Every method is one transaction.
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
  readonly shadows: ShadowStore;
  readonly work: WorkRecords;
  /** Runs the database's own integrity check and returns its complaints; empty if there are none. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
};

export type SourceStore = {
  /**
   * Makes the mirror's sources match the configuration. A removed source keeps its row and its issues are hidden, so that it is complete immediately if it
   * comes back. A changed prefix rewrites refs; a longer history resets the cursor.
   */
  reconcile(desired: readonly SourceConfig[]): Promise<void>;
  list(): Promise<readonly SourceRow[]>;
  get(id: number): Promise<SourceRow>;
  /** Marks that `describe` is about to be called: setting `describedAt` to null from now on requests another one. */
  beginDescribing(id: number): Promise<void>;
  /**
   * Stores the result of `describe`, and recomputes status and priority of every issue that the new vocabulary or mapping affects. `begun`: after
   * `beginDescribing`; a request made since then remains.
   */
  saveSchema(
    id: number,
    schema: { info: SourceInfo; vocabulary: Vocabulary; mapping: Mapping; form?: SourceForm; at: number; begun?: true },
  ): Promise<Change>;
  /** Everything that issues of a source can refer to: states in the tracker's order, labels, cycles, priorities, and the people who can be assigned. */
  vocabulary(id: number): Promise<Vocabulary>;
  /** Updates parts of the sync state. */
  saveSync(id: number, state: Partial<SyncState>): Promise<void>;
  /** Stores the account of a connection's credentials, so that `assignee: me` works without a server. */
  saveAccount(
    connection: string,
    account: { readonly id: string; readonly login: string; readonly name: string },
  ): Promise<void>;
  /** The stored accounts by connection. */
  accounts(): Promise<Readonly<Record<string, { readonly id: string; readonly login: string; readonly name: string }>>>;
  /** Stores that a tracker told a connection to wait. */
  savePause(connection: string, pause: StoredPause): Promise<void>;
  /** The stored pauses by connection, including past ones. */
  pauses(): Promise<Readonly<Record<string, StoredPause>>>;
};

/** A pause because of a rate limit: until when, and `at`, when it was stored, on this machine's clock in milliseconds. `of` identifies the credentials it applies to. */
export type StoredPause = { readonly until: number; readonly at: number; readonly of: string };

export type MirrorStore = {
  /**
   * Upserts a page and its resume point in one transaction. An issue equal to its base is not a change. A record that was requested before the current base was
   * obtained is ignored. A record created by an open operation (`madeBy`) becomes the issue that was created here.
   * `unknownIds`: the page refers to labels, states or people without a row. `overtaken`: a record was ignored that may still be newer, since responses have no
   * defined order.
   */
  applyPage(
    sourceId: number,
    page: {
      readonly changes: readonly NativeIssue[];
      readonly removed: readonly string[];
      readonly rejected: readonly { nativeId: string | null; raw: string; reason: string }[];
      readonly seen: Partial<Vocabulary>;
      readonly requestedAt: number;
      /** When issues were requested that were requested later than that, by native id: responses stored together were requested one after the other. */
      readonly askedLater?: ReadonlyMap<string, number>;
      readonly sync: Partial<SyncState>;
    },
  ): Promise<Change & { readonly unknownIds: boolean; readonly overtaken: boolean }>;
  /** Native ids of the mirrored issues of a source, in batches. */
  nativeIds(sourceId: number): AsyncIterable<readonly { nativeId: string; key: string }[]>;
  /** The ids that the mirror does not have. */
  missing(sourceId: number, nativeIds: readonly string[]): Promise<readonly string[]>;
  /** Removes issues from the board. `gone`: deleted or moved in the tracker, with a history entry; `outside`: older than the history window. */
  remove(sourceId: number, nativeIds: readonly string[], why: "gone" | "outside"): Promise<Change>;
  /** Issues that are blocked according to the tracker's count, but whose blockers are unknown; last changed first. */
  unreadRelations(sourceId: number, limit: number): Promise<readonly { nativeId: string; key: string }[]>;
  /** Marks issues as read individually: their known relations are complete for now. */
  relationsRead(sourceId: number, nativeIds: readonly string[]): Promise<void>;
  /** Native ids of finished issues (done, canceled) not updated since `before`, which makes them `outside`. */
  closedBefore(sourceId: number, before: number): Promise<readonly string[]>;
  /** To be called when this machine's clock was set back: bases obtained in the future are treated as obtained now. Otherwise everything read until then would be ignored as older. */
  clockSetBack(): Promise<void>;
};

export type IssueDetail = IssueCard & {
  readonly sourceId: number;
  /** Markdown. */
  readonly body: string;
  readonly relations: readonly (NativeRelation & {
    /** null if it is not mirrored, like `address` and `status`. */
    ref: string | null;
    /** Like the issue's own `address`. */
    address: string | null;
    /** Its ref, or else its name in the tracker; null if the tracker returns only its id. */
    key: string | null;
    url: string | null;
    tracker: string;
    title: string | null;
    status: Status | null;
    /** `tracker`: stored in the tracker. `made`: stored by Panopticon. `text`: found in a body or a comment. */
    origin: "tracker" | "made" | "text";
  })[];
  /** The words of its texts that name mirrored issues, and their addresses. */
  readonly mentions: readonly { readonly written: string; readonly address: string }[];
  /** The key of its source's newest mirrored issue. */
  readonly newestKey: string | null;
  readonly formerKeys: readonly string[];
  /** null: not known yet; opening the issue requests them. */
  readonly attachments: readonly NativeAttachment[] | null;
  /** When comments were last fetched; null: never. */
  readonly commentsAt: number | null;
};

export type Window = {
  readonly issues: readonly IssueCard[];
  readonly total: number;
  /** The total of each status. */
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly cursor: string | null;
};

/** The meaning of `me` for each connection: the account's native person id. */
export type Me = Readonly<Record<string, string>>;

/** A ref or URL as parsed by one tracker. */
export type AskedRef = {
  readonly key: string;
  /** Takes precedence over the key. */
  readonly nativeId?: string | undefined;
  readonly prefix: string | null;
  readonly sourceKey: string | null;
  readonly tracker: string;
  readonly host: string | null;
};

export type BoardStore = {
  /** The true count and the first cards of each status, after filtering. */
  columns(query: {
    filter: IssueFilter;
    sort: Sort;
    limit: number;
    me: Me;
  }): Promise<readonly (Omit<Window, "byStatus"> & { status: Status })[]>;
  /** One window of a list. A cursor from another filter or sort is `invalid_input`. */
  issues(query: { filter: IssueFilter; sort: Sort; limit: number; cursor: string | null; me: Me }): Promise<Window>;
  /** Every group that has issues of the filter, largest first, with its numbers. */
  groups(query: { filter: IssueFilter; grouping: Grouping; me: Me }): Promise<readonly Group[]>;
  /** How many issues are mirrored, without filters. */
  total(): Promise<number>;
  /** All issues that a ref or URL can mean, given how the trackers parsed it; several if it is ambiguous. Case-insensitive; includes former keys. */
  find(
    ...readings: readonly AskedRef[]
  ): Promise<readonly { id: number; ref: string; project: string; source: string }[]>;
  /** The issue that was created here under this local ref (`new-7`), even after it got its tracker's ref. */
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
    /** In the workflow's order. `status`: the first status among the issues in this state. */
    readonly states: readonly { name: string; status: Status; issues: number }[];
  }>;
};

/** `position`: its place among the views, from 1. */
export type View = { readonly id: string; readonly name: string; readonly query: string; readonly position: number };

export type ViewStore = {
  list(): Promise<readonly View[]>;
  /** Throws `conflict` for a name that another view has. Without a position, it comes last. */
  create(view: { name: string; query: string; position?: number | undefined }): Promise<View>;
  /** Changes what is given, and returns null if there is no such view. Throws `conflict` for a name that another view has. A position past the end is the last. */
  change(
    id: string,
    changes: { name?: string | undefined; query?: string | undefined; position?: number | undefined },
  ): Promise<View | null>;
  remove(id: string): Promise<boolean>;
};

export type ChangeLog = {
  /** The last sequence number. */
  sequence(): Promise<number>;
  /** Refs that changed after `sequence`; null if the log no longer reaches that far back (the listener reloads). */
  since(sequence: number): Promise<{ readonly sequence: number; readonly refs: readonly string[] } | null>;
};

export type StoredComment = NativeComment & {
  readonly author: Person | null;
  /** Written by the connection's account. */
  readonly own: boolean;
  /** Whether the comment or its last edit is on its way to the tracker. */
  readonly pending: boolean;
  /** Whether it was posted to undo the deletion of an earlier comment: it has that one's text, but a new time and id. */
  readonly sentAgain: boolean;
};

export type CommentStore = {
  list(issueId: number): Promise<readonly StoredComment[]>;
  /**
   * Replaces an issue's comments by those of the tracker, and makes them searchable. `requestedAt`: when the first of them was requested; what was written from here
   * since then is kept.
   */
  replace(
    issueId: number,
    comments: readonly NativeComment[],
    seen: Partial<Vocabulary>,
    at: number,
    requestedAt?: number,
  ): Promise<Change>;
};

/** A move that stayed here, in shadow mode. */
export type KeptMove = {
  readonly card: IssueCard;
  /** The tracker's status. */
  readonly from: Status;
  /** The status that the issue has here. */
  readonly to: Status;
  /** When it was moved here; null if that is no longer known. */
  readonly at: number | null;
};

export type ShadowStore = {
  /** The moves that stayed here and lead elsewhere than the tracker's own status, the latest first; also those of projects whose shadow mode is off again. */
  list(): Promise<readonly KeptMove[]>;
  /** The number of those whose project's shadow mode is off. */
  countLeft(): Promise<number>;
  /** Forgets the local status of an issue whose project's shadow mode is off. */
  forget(issueId: number): Promise<Change>;
};

export type HistoryEntry = {
  readonly id: number;
  readonly at: number;
  readonly ref: string;
  readonly title: string;
  /** `tracker` for changes found by the sync. */
  readonly actor: string;
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly state: string;
  /** null if the issue is gone. */
  readonly tracker: string | null;
  /** The outbox entry that `state` describes; null if it is no longer on its way, or never was. */
  readonly operation: number | null;
};

/** The number of entries by one actor in one tracker's issues; `tracker` is null for issues that are gone. */
export type HistoryCount = {
  readonly actor: string;
  readonly tracker: string | null;
  /** The state of these changes, as in `HistoryEntry`. */
  readonly state: string;
  readonly entries: number;
};

/** Selects entries of the history; default: all. */
export type HistoryKind = {
  issueId?: number;
  /** Whose changes; default: everybody's. */
  by?: ActorKind;
  /** Only in issues of this tracker. */
  tracker?: string;
  /** Only changes made here that need nothing more to be done. */
  settled?: boolean;
};

export type HistoryStore = {
  /** Newest first, with the issues' current refs. For the next page pass the last entry's `at` and `id`; entries may share a time. */
  list(query: HistoryKind & { limit: number; before?: number; beforeId?: number }): Promise<readonly HistoryEntry[]>;
  /** The total number of entries. */
  total(kind: HistoryKind): Promise<number>;
  /** Counts the entries at or after a time. */
  counts(since: number): Promise<readonly HistoryCount[]>;
};
