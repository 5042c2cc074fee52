import type { Cycle, Label, Person, RelationType } from "../domain/issue.ts";
import type { Actor, FieldSpec, MoveChoice } from "../domain/operation.ts";
import type { PanopticonError } from "../domain/error.ts";
import type { Priority } from "../domain/priority.ts";
import type { Status } from "../domain/status.ts";
import type { IssueCard } from "../store/board/issue-card.ts";
import type { Operation } from "../store/outbox/outbox.ts";
import type { Neighbour } from "../store/ranks/ranks.ts";
import type { SourceForm } from "../store/sources/source-row.ts";
import type { Store } from "../store/store.ts";
import type { SyncEngine } from "../sync/sync-engine.ts";
import type { TrackerDefinition } from "../trackers/tracker.ts";

/**
 * What a user, a command or an agent may change, in the words people use. Everything is checked before anything is queued, and what is queued is on disk
 * when the promise resolves. Errors: `invalid_input` with the nearest known word, `unsupported` for what a tracker or a type of issue has not, `forbidden` for what
 * these credentials may not, `choice_needed` with the ways of a move, `not_found`, `conflict`, `busy` for a source that was not read yet.
 */
export type Changes = {
  /** A change that is equal to what is shown queues nothing. Throws `choice_needed` where a move has several ways or asks for fields. */
  edit(issueId: number, patch: IssuePatch, by: ChangeBy): Promise<IssueCard>;
  /** The same for many issues; one that cannot be changed keeps none of the others from it. */
  bulk(
    refs: readonly string[],
    patch: IssuePatch,
    by: ChangeBy,
  ): Promise<readonly { readonly ref: string; readonly error: PanopticonError | null }[]>;
  create(draft: IssueDraft, by: ChangeBy): Promise<NewIssue>;
  /** Gives the comment's id, which is a local one until the tracker has it. */
  comment(issueId: number, body: string, by: ChangeBy): Promise<{ readonly commentId: string }>;
  editComment(issueId: number, commentId: string, body: string, by: ChangeBy): Promise<{ readonly commentId: string }>;
  deleteComment(issueId: number, commentId: string, by: ChangeBy): Promise<void>;
  /** `type` as seen from the issue: `blocks`, or `parent` for one that lies below the other. A relation that is there already stays. */
  relate(issueId: number, type: RelationType, otherRef: string, by: ChangeBy): Promise<void>;
  /** `relationId` as the issue's relations name it. */
  unrelate(issueId: number, relationId: string, by: ChangeBy): Promise<void>;
  /**
   * Takes a step back: the session's last one where none is named. Throws `not_found` where nothing of it is left to be taken back, `conflict` for what was changed since,
   * `unsupported` for what cannot be undone, `busy` for what is being sent just now.
   */
  undo(by: ChangeBy, what?: UndoWhat): Promise<Undone>;
  /** What is on its way or needs the user, in names that people read. */
  outbox(ids?: readonly number[]): Promise<readonly OutboxEntry[]>;
  /** Of all entries, in that order. */
  outboxIds(): Promise<readonly number[]>;
  /** Puts an operation back into the queue; `transition` and `fields` answer what it asked for. */
  retry(
    id: number,
    more?: { readonly transition?: string | undefined; readonly fields?: OwnFields | undefined },
  ): Promise<OutboxEntry>;
  /** Gives an operation up; one that is written and left twins keeps them. Throws `conflict` for one that is being sent, or whose answer was lost. */
  drop(id: number): Promise<OutboxEntry>;
  /** Cancels the twins that a lost answer left behind (of a comment: deletes them). Throws `busy` for one that is not mirrored yet. */
  closeTwins(id: number, by: ChangeBy): Promise<OutboxEntry>;
  /** Ends a conflict, field by field. */
  resolve(id: number, choices: Readonly<Record<string, "mine" | "theirs">>): Promise<OutboxEntry>;
  /** What a new issue of a source, or an edit, can choose from. `source` is its id or key. */
  form(source: string): Promise<SourceFormView>;
  /** Where an issue can be moved. Asks the tracker where its workflow decides, for at most two seconds. */
  moves(issueId: number): Promise<readonly PossibleMove[]>;
};

/** `ref` is local and keeps working when the tracker has named the issue; what is read at `sequence` of the change log or later has the issue. */
export type NewIssue = { readonly issueId: number; readonly ref: string; readonly sequence: number };

/** Who makes a change; `session` is whose last change `undo` means. */
export type ChangeBy = {
  readonly actor: Actor;
  readonly session: string;
  /** The name of the step that the change is part of; absent: each call is a step of its own. What a session does under one name is taken back together. */
  readonly change?: string;
};

/** What is to be taken back: a step of the session by its name, or what an entry of the outbox carries. */
export type UndoWhat = { readonly change: string } | { readonly operation: number };

/** The tracker's own fields, by id or name. */
export type OwnFields = Readonly<Record<string, unknown>>;

/** What is to be changed; what is absent stays. Names are those people see; null takes a value away. */
export type IssuePatch = {
  readonly title?: string | undefined;
  /** Markdown. */
  readonly body?: string | undefined;
  /** One of the six statuses, or the name of a native state. */
  readonly status?: string | undefined;
  /** Exactly this native state, by name, where `status` would understand one of the six words. Not together with `status`. */
  readonly state?: string | undefined;
  /** 0 to 4, a word (`urgent`), or the native name. */
  readonly priority?: string | number | undefined;
  /** `2026-11-22`. */
  readonly dueDate?: string | null | undefined;
  readonly estimate?: number | null | undefined;
  /** A ref; one of another tracker becomes a link that Panopticon keeps. */
  readonly parent?: string | null | undefined;
  readonly cycle?: string | null | undefined;
  readonly type?: string | undefined;
  readonly addLabels?: readonly string[] | undefined;
  readonly removeLabels?: readonly string[] | undefined;
  /** Logins, names, or `me`. */
  readonly addAssignees?: readonly string[] | undefined;
  readonly removeAssignees?: readonly string[] | undefined;
  /** Answers `choice_needed`: the id or name of one of its choices. */
  readonly transition?: string | undefined;
  readonly fields?: OwnFields | undefined;
  /** The ref of the issue that it is to stand next to in the manual order. */
  readonly rank?: Neighbour<string> | undefined;
  /** The texts that the edit began with: what the tracker or somebody else made of them since is not overwritten. Absent: what is shown now. */
  readonly base?: TextBase | undefined;
};

export type TextBase = { readonly title?: string | undefined; readonly body?: string | undefined };

export type IssueDraft = {
  /** May be left out where `source` says it. */
  readonly project?: string | undefined;
  /** A source's id or key; may be left out where the project has one. */
  readonly source?: string | undefined;
  readonly title: string;
  readonly body?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
  readonly priority?: string | number | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
  readonly parent?: string | null | undefined;
  readonly cycle?: string | null | undefined;
  readonly dueDate?: string | null | undefined;
  readonly estimate?: number | null | undefined;
  readonly fields?: OwnFields | undefined;
};

export type Undone = {
  /** Of the issue; of the first one where several were changed together. */
  readonly ref: string;
  /** The operation that takes it back; null where an unsent one was simply dropped. */
  readonly operation: number | null;
  /** In words: what was taken back. */
  readonly what: string;
  /** Of a step with several parts: why some of them stay as they are. */
  readonly problems: readonly PanopticonError[];
};

/** A value as people read it: a state's name instead of its id. */
export type ReadableValue = string | number | null;

export type ReadableField = {
  readonly name: string;
  readonly from: ReadableValue;
  readonly to: ReadableValue;
  /** Of a conflict: what the tracker has now. */
  readonly theirs?: ReadableValue;
};

export type OutboxEntry = {
  readonly operation: Operation;
  /** What finds exactly its issue; its ref where the issue is gone. */
  readonly address: string;
  /** Where the issue is shown now, this change included; null where it is gone. */
  readonly status: Status | null;
  readonly fields: readonly ReadableField[];
  /** What can be done about its reason; about its issue where that is gone. */
  readonly hint: string | null;
  readonly canDrop: boolean;
  readonly canRetry: boolean;
};

export type SourceFormView = {
  readonly source: string;
  readonly project: string;
  readonly tracker: string;
  readonly writable: SourceForm["writable"];
  readonly types: readonly {
    readonly name: string;
    readonly creatable: boolean;
    readonly needsParent: boolean;
    readonly has: readonly string[];
    readonly fields: readonly FieldSpec[];
  }[];
  readonly statuses: readonly { readonly status: Status; readonly state: string | null }[];
  readonly priorities: readonly { readonly priority: Priority; readonly native: string }[];
  readonly labels: readonly Label[];
  readonly newLabels: boolean;
  readonly members: readonly Person[];
  readonly cycles: readonly Cycle[];
};

export type PossibleMove = {
  readonly status: Status;
  /** The native state it becomes; null: the mapping knows no way. */
  readonly state: string | null;
  /** Ways to choose from, where there are several or one asks for fields. */
  readonly choices: readonly MoveChoice[];
  /** null: not known, the tracker could not be asked. */
  readonly allowed: boolean | null;
  readonly reason: string | null;
};

/** What changes need of the store. */
export type ChangeStore = Pick<Store, "sources" | "board" | "comments" | "outbox" | "links" | "ranks" | "undo">;

/** What changes need of the sync engine. */
export type ChangeSync = Pick<SyncEngine, "changed" | "moveChoices">;

/** What changes need to know of a tracker. */
export type ChangeTracker = Pick<TrackerDefinition, "id" | "label" | "sourceNoun" | "capabilities" | "writing">;
