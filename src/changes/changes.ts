import type { Cycle, Label, Person, RelationType } from "../domain/issue.ts";
import type { Actor, FieldSpec, MoveChoice } from "../domain/operation.ts";
import type { PanopticonError } from "../domain/error.ts";
import type { Priority } from "../domain/priority.ts";
import type { Status } from "../domain/status.ts";
import type { IssueCard } from "../store/board/issue-card.ts";
import type { Operation } from "../store/outbox/outbox.ts";
import type { Neighbour } from "../store/ranks/ranks.ts";
import type { SourceForm } from "../store/sources/source-row.ts";
import type { KeptMove, Store } from "../store/store.ts";
import type { SyncEngine } from "../sync/sync-engine.ts";
import type { TrackerDefinition } from "../trackers/tracker.ts";

/**
 * What a user, a command or an agent may change, in the words people use. Everything is validated before anything is queued, and queued changes are on disk
 * when the promise resolves. Errors: `invalid_input` with the nearest known word, `unsupported` for what a tracker or an issue type lacks, `forbidden` for what
 * these credentials may not do, `choice_needed` with the possible transitions, `not_found`, `conflict`, `busy` for a source that was not read yet.
 */
export type Changes = {
  /** Changes an issue; values equal to those shown queue nothing. Throws `choice_needed` if a move has several transitions or requires fields. */
  edit(issueId: number, patch: IssuePatch, by: ChangeBy): Promise<IssueCard>;
  /** Makes the same change to many issues; a failure of one does not affect the others. */
  bulk(
    refs: readonly string[],
    patch: IssuePatch,
    by: ChangeBy,
  ): Promise<readonly { readonly ref: string; readonly error: PanopticonError | null }[]>;
  create(draft: IssueDraft, by: ChangeBy): Promise<NewIssue>;
  /**
   * Returns the comment's id, which is local until the tracker has the comment. `replyTo`: the id of a comment to reply to in its thread, or the login of a person
   * whose newest comment that is. Throws `unsupported` if the tracker has no threads.
   */
  comment(issueId: number, body: string, by: ChangeBy, replyTo?: string): Promise<{ readonly commentId: string }>;
  editComment(issueId: number, commentId: string, body: string, by: ChangeBy): Promise<{ readonly commentId: string }>;
  deleteComment(issueId: number, commentId: string, by: ChangeBy): Promise<void>;
  /** `type` is seen from the issue: `blocks`, or `parent` if the other issue is its parent. An existing relation stays. */
  relate(issueId: number, type: RelationType, otherRef: string, by: ChangeBy): Promise<void>;
  /** `relationId` is the id in the issue's relations. */
  unrelate(issueId: number, relationId: string, by: ChangeBy): Promise<void>;
  /**
   * Undoes a step: the session's last one if none is named. Throws `not_found` if there is nothing left to undo, `conflict` if a value was changed since,
   * `unsupported` for what cannot be undone, `busy` for what is being sent at this moment.
   */
  undo(by: ChangeBy, what?: UndoWhat): Promise<Undone>;
  /** The changes that are on their way or need the user, in readable names. */
  outbox(ids?: readonly number[]): Promise<readonly OutboxEntry[]>;
  /** The ids of all entries, in the same order. */
  outboxIds(): Promise<readonly number[]>;
  /** Queues an operation again; `transition` and `fields` answer what it asked for. */
  retry(
    id: number,
    more?: { readonly transition?: string | undefined; readonly fields?: OwnFields | undefined },
  ): Promise<OutboxEntry>;
  /** Gives up an operation; a written one that left duplicates keeps them. Throws `conflict` if it is being sent or its response was lost. */
  drop(id: number): Promise<OutboxEntry>;
  /** Cancels the duplicates that a lost response left behind (deletes those of a comment). Throws `busy` if one is not mirrored yet. */
  closeTwins(id: number, by: ChangeBy): Promise<OutboxEntry>;
  /** Resolves a conflict, field by field. */
  resolve(id: number, choices: Readonly<Record<string, "mine" | "theirs">>): Promise<OutboxEntry>;
  /** The moves that stayed here because of shadow mode. Throws `not_found` for a ref that has none. */
  keptMoves(choice: KeptChoice): Promise<readonly KeptMove[]>;
  /** Sends these moves to their trackers, each like a move of its own; a failure of one does not affect the others. Throws as `keptMoves`. */
  sendKept(choice: KeptChoice, answer: KeptAnswer, by: ChangeBy): Promise<readonly Settled[]>;
  /** Gives these moves up: the trackers' statuses are shown again. Throws as `keptMoves`. */
  dropKept(choice: KeptChoice, by: ChangeBy): Promise<readonly Settled[]>;
  /** The choices for a new issue of a source, or for an edit. `source` is its id or key. */
  form(source: string): Promise<SourceFormView>;
  /** The moves an issue can make. If the workflow decides, the tracker is asked, for at most two seconds. */
  moves(issueId: number): Promise<readonly PossibleMove[]>;
};

/** Which of the moves that stayed here: those of issues, of a project, or all. */
export type KeptChoice = { readonly refs?: readonly string[] | undefined; readonly project?: string | undefined };

/** Answers `choice_needed`, as in `IssuePatch`. */
export type KeptAnswer = Pick<IssuePatch, "transition" | "fields">;

/** What became of one of several; `ref` finds exactly its issue. */
export type Settled = { readonly issueId: number; readonly ref: string; readonly error: PanopticonError | null };

/** `ref` is local, and keeps working after the issue gets its tracker's ref. Reads at `sequence` of the change log or later include the issue. */
export type NewIssue = { readonly issueId: number; readonly ref: string; readonly sequence: number };

/** Who makes a change. `undo` refers to the last change of the `session`. */
export type ChangeBy = {
  readonly actor: Actor;
  readonly session: string;
  /** The name of the step that the change is part of; absent: each call is its own step. Changes of a session with the same name are undone together. */
  readonly change?: string;
};

/** What to undo: a step of the session by its name, or the latest step in an outbox entry. */
export type UndoWhat = { readonly change: string } | { readonly operation: number };

/** The tracker's own fields, by id or name. */
export type OwnFields = Readonly<Record<string, unknown>>;

/** The changes to make; absent fields stay unchanged. Names are those people see; null removes a value. */
export type IssuePatch = {
  readonly title?: string | undefined;
  /** Markdown. */
  readonly body?: string | undefined;
  /** One of the six statuses, or the name of a native state. */
  readonly status?: string | undefined;
  /** Exactly this native state, by name, even if it is named like one of the six statuses. Not together with `status`. */
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
  /** The issue to place it next to in the manual order, by ref. */
  readonly rank?: Neighbour<string> | undefined;
  /** The texts that the edit started from, so that changes made by others since then are not overwritten. Absent: the texts shown now. */
  readonly base?: TextBase | undefined;
};

export type TextBase = { readonly title?: string | undefined; readonly body?: string | undefined };

export type IssueDraft = {
  /** May be omitted if `source` determines it. */
  readonly project?: string | undefined;
  /** A source's id or key; may be omitted if the project has only one. */
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
  /** The issue's ref; the first one's if several were changed together. */
  readonly ref: string;
  /** The operation that undoes it; null if an unsent one was simply dropped. */
  readonly operation: number | null;
  /** What was undone, in words. */
  readonly what: string;
  /** For a step with several parts: why some of them were not undone. */
  readonly problems: readonly PanopticonError[];
};

/** A value as people read it: a state's name instead of its id. */
export type ReadableValue = string | number | null;

export type ReadableField = {
  readonly name: string;
  readonly from: ReadableValue;
  readonly to: ReadableValue;
  /** In a conflict: the tracker's current value. */
  readonly theirs?: ReadableValue;
};

export type OutboxEntry = {
  readonly operation: Operation;
  /** Identifies exactly its issue; the ref if the issue is gone. */
  readonly address: string;
  /** The issue's status as shown now, including this change; null if it is gone. */
  readonly status: Status | null;
  readonly fields: readonly ReadableField[];
  /** What the user can do about its reason, or about its issue if that is gone. */
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
  readonly statuses: readonly Pick<PossibleMove, "status" | "state" | "label">[];
  readonly priorities: readonly { readonly priority: Priority; readonly native: string }[];
  readonly labels: readonly Label[];
  readonly newLabels: boolean;
  readonly members: readonly Person[];
  /** How many of them an issue can be assigned to. */
  readonly assignees: "one" | "many";
  /** At most how many; null: any number. */
  readonly mostAssignees: number | null;
  readonly cycles: readonly Cycle[];
};

export type PossibleMove = {
  readonly status: Status;
  /** The resulting native state; null if the mapping has none. */
  readonly state: string | null;
  /** The label that gives an issue this status in addition to the state; null if the state alone does. */
  readonly label: string | null;
  /** The transitions to choose from, if there are several or one requires fields. */
  readonly choices: readonly MoveChoice[];
  /** null: unknown, because the tracker could not be asked. */
  readonly allowed: boolean | null;
  readonly reason: string | null;
};

/** What changes need of the store. */
export type ChangeStore = Pick<
  Store,
  "sources" | "board" | "comments" | "outbox" | "links" | "ranks" | "undo" | "shadows"
>;

/** What changes need of the sync engine. */
export type ChangeSync = Pick<SyncEngine, "changed" | "moveChoices">;

/** What changes need to know of a tracker. */
export type ChangeTracker = Pick<TrackerDefinition, "id" | "label" | "sourceNoun" | "capabilities" | "writing">;
