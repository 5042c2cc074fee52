import type { NativeComment, NativeIssue, Vocabulary } from "../../domain/issue.ts";
import type {
  FieldChange,
  IssueAddress,
  MoveChoice,
  NativeDraft,
  OperationKind,
  OperationState,
  RelationChange,
} from "../../domain/operation.ts";
import type { Status } from "../../domain/status.ts";
import type { IssueCard } from "../board/issue-card.ts";
import type { Change } from "../change.ts";
import type { SourceRow } from "../sources/source-row.ts";

/** An entry of the outbox. */
export type Operation = {
  readonly id: number;
  /** Identifies the operation in the tracker, a UUID. */
  readonly uuid: string;
  readonly issueId: number;
  /** The issue's present ref: `new-7` until its tracker has named it. */
  readonly ref: string;
  readonly title: string;
  readonly tracker: string;
  readonly connection: string;
  readonly sourceId: number;
  readonly kind: OperationKind;
  /** For an edit. */
  readonly fields: readonly FieldChange[];
  /** The data of the other kinds. */
  readonly payload: OperationPayload;
  readonly state: OperationState;
  /** The requests it consists of; `stepsDone` of them are done. */
  readonly steps: readonly { readonly name: string; readonly stateAfter?: string }[];
  readonly stepsDone: number;
  readonly attempts: number;
  readonly createdAt: number;
  readonly firstSentAt: number | null;
  readonly nextAttemptAt: number | null;
  readonly settledAt: number | null;
  readonly reason: OperationReason | null;
  /** For `conflict`: the tracker's present native values, by field. */
  readonly conflicts: readonly { readonly field: string; readonly theirs: string | number | null }[];
  /** The actor's name in the history. */
  readonly actor: string;
  /** The session that made it; `undo` applies to that session's changes. */
  readonly session: string;
  /** The operation it undoes. */
  readonly undoes: number | null;
  /** Refs of twins left by a lost answer; always reported, never hidden. */
  readonly twins: readonly string[];
};

export type OperationPayload = {
  readonly draft?: NativeDraft;
  /** For a create that was retried: how many attempts the tracker refused before. */
  readonly refusals?: number;
  /** For a create whose issue has been named: the aspects (see `aspectsOf`) that later edits decide, so that the create no longer does. */
  readonly decided?: readonly string[];
  /**
   * `replaces`: for a new comment that undoes a written deletion, the id of the deleted comment. `replyTo`: the thread of that comment; set for the deletion,
   * too.
   */
  readonly comment?: {
    readonly id: string | null;
    readonly body: string | null;
    readonly before: string | null;
    readonly replaces?: string;
    readonly replyTo?: string;
  };
  readonly relation?: RelationChange;
  /** For a relation to create: the other issue already has it, and this one was not read since. Undoing this operation does not remove it. */
  readonly wasThere?: true;
  /** For a written body: the tracker's formatting of it, if different. */
  readonly became?: string;
};

export type OperationReason = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** With `choice_needed`. */
  readonly choices?: readonly MoveChoice[];
};

/** Who makes a change, and in which session. */
export type Author = {
  readonly actor: string;
  /** The session whose last change `undo` reverts. */
  readonly session: string;
  /** Changes of the same group are undone together. */
  readonly group?: string;
  /**
   * What it undoes: the undo entry and the operation that carried it. Changes waiting for the user are undone in place. `withdraw`: ids of the tracker's own
   * fields that were never sent, so that their former values are unknown: their changes are removed from the waiting operations.
   */
  readonly undoes?: {
    readonly entry: number;
    readonly operation: number | null;
    readonly withdraw?: readonly string[];
  };
};

/** The result of a change to the outbox; `operation` is null if it only undid an unsent one. */
export type Queued = {
  readonly operation: number | null;
  readonly issueId: number;
  /** The name of the connection that sends it. */
  readonly connection: string;
  readonly change: Change;
};

/** `card`: the issue as shown after this transaction. */
export type QueuedEdit = Queued & { readonly card: IssueCard };

/** An issue as needed for edits. */
export type EditableIssue = {
  readonly id: number;
  readonly sourceId: number;
  /** The parts of its source needed to describe a change in words. */
  readonly source: Pick<SourceRow, "id" | "config" | "info" | "mapping" | "form">;
  readonly ref: string;
  /** The tracker's last known values. */
  readonly base: NativeIssue;
  /** When these were requested, in milliseconds since the epoch. */
  readonly requestedAt: number;
  /** The base with the open operations applied. */
  readonly shown: NativeIssue;
  /** The shown status, which a shadowed project keeps locally. */
  readonly status: Status;
  /** A move has left for the tracker and its answer is not here yet: the base may be out of date, and so are the moves that lead on from it. */
  readonly isMoving: boolean;
  /** What the user wants: the shown issue with refused and conflicting changes applied. */
  readonly wanted: { readonly issue: NativeIssue; readonly status: Status };
};

/** The user's side: every change is one durable transaction that writes the operation, what is shown, the history and the change log. */
export type OutboxStore = {
  /** Throws `not_found`. */
  issue(issueId: number): Promise<EditableIssue>;
  /**
   * Queues changed fields. Unsent edits of the same field fold into one; a fold back to the original removes it. Throws `invalid_input` for a parent that is
   * already a descendant of the issue. `how`: a shadowed project's move stays here, unless it is sent as it was kept here.
   */
  edit(issueId: number, fields: readonly FieldChange[], author: Author, how?: "as kept here"): Promise<QueuedEdit>;
  /** Queues a new issue and puts it on the board under a local ref, `new-7`. */
  create(sourceId: number, draft: NativeDraft, author: Author): Promise<Queued & { readonly ref: string }>;
  /**
   * Queues a change of a comment; unsent ones fold, and a fold back to the original removes them. `commentId` with a new comment restores that deleted one:
   * withdraws what its tracker does not know of yet, or posts it again, once, after a written deletion. `replyTo`: the comment that started the thread of a new
   * one.
   */
  comment(
    issueId: number,
    change: {
      readonly kind: "comment" | "edit_comment" | "delete_comment";
      readonly commentId?: string;
      readonly body?: string;
      readonly replyTo?: string;
    },
    author: Author,
  ): Promise<Queued>;
  /** The present id of a comment: `id` may be its local id before the tracker named it, or its id before it was deleted and sent again. */
  commentId(issueId: number, id: string): Promise<string>;
  relate(
    issueId: number,
    change: { readonly kind: "relate" | "unrelate"; readonly relation: RelationChange },
    author: Author,
  ): Promise<Queued>;
  /** Throws `not_found`. */
  get(id: number): Promise<Operation>;
  /** All unsettled operations and those that left twins: those that need the user first, then the oldest. */
  list(): Promise<readonly Operation[]>;
  /** The ids of the same, and those of them with these ids, in the same order. */
  listIds(): Promise<readonly number[]>;
  listSome(ids: readonly number[]): Promise<readonly Operation[]>;
  /** The latest operations of one issue including settled ones, at most `limit` (1,000). */
  listOf(issueId: number, limit?: number): Promise<readonly Operation[]>;
  counts(): Promise<{ readonly pending: number; readonly failed: number; readonly conflict: number }>;
  /**
   * Puts a refused, conflicting or waiting operation back into the queue, with the chosen transition if one was needed. Throws `conflict` for an operation that
   * is settled, is being sent, or refers to a new issue that was dropped before its tracker had it, and `gone` if its own issue has left the mirror.
   */
  retry(
    id: number,
    more?: { readonly transition?: string; readonly fields?: Readonly<Record<string, unknown>> },
  ): Promise<Queued>;
  /** Drops an operation and what it showed. Throws `conflict` if its answer was lost or it is being sent. */
  drop(id: number, how?: "dropped" | "undone"): Promise<Queued>;
  /** Stops reporting the twins of an operation, which the user has accepted. Throws `conflict` if there are none. */
  keepTwins(id: number): Promise<Queued>;
  /** Resolves a conflict: `mine` overwrites the tracker's present value, `theirs` keeps it. */
  resolve(id: number, choices: Readonly<Record<string, "mine" | "theirs">>): Promise<Queued>;
  readonly sending: SendingStore;
};

/** The sync engine's side. */
export type SendingStore = {
  /**
   * After a start: marks operations that were being sent when the process died as `unknown`. `ids`: only these, whose outcome could not be stored. Returns how
   * many.
   */
  recover(ids?: readonly number[]): Promise<number>;
  /**
   * The first open operation of every issue of a connection, soonest first; due at `nextAttemptAt` (null: now). Leaves out operations that are being sent, and
   * those that refer to an issue not yet named by its tracker.
   */
  upcoming(connection: string, limit: number): Promise<readonly Operation[]>;
  /** Issues of a connection written since then, with their update times if known. */
  recentWrites(
    connection: string,
    since: number,
  ): Promise<readonly { readonly nativeId: string; readonly updatedAt: number }[]>;
  /** The address of an issue of a source's connection in its tracker. */
  address(sourceId: number, nativeId: string): Promise<IssueAddress>;
  /** The tracker's and the shown parent of an issue, if they differ, as far as their tracker counts their children. */
  countingParents(issueId: number): Promise<readonly IssueAddress[]>;
  /**
   * Makes the whole connection wait (a limit, no network, no valid credentials): marks queued operations accordingly and does not try them before `until`.
   * Returns the changed cards.
   */
  hold(connection: string, until: number, reason: OperationReason): Promise<Change>;
  /**
   * Makes waiting operations due at once, because the credentials changed or the network came back. Those held by a limit keep their time. Returns the changed
   * cards.
   */
  hasten(connection: string): Promise<Change>;
  /** Corrects waiting times after this machine's clock was set back, so that nothing waits longer than intended. Returns the changed cards. */
  clockSetBack(connection: string, byMs: number): Promise<Change>;
  /**
   * Call before sending: sets state `sending` and counts an attempt; from here on nothing folds into it. Durable. `lookAt`: when to look for the outcome if the
   * process dies now. Throws `conflict` if the operation is not the one that was read (dropped, folded, edited while waiting), or is a create whose issue a
   * pull has brought meanwhile.
   */
  begin(
    operation: Pick<Operation, "id" | "issueId" | "fields" | "payload">,
    sending: { readonly steps: Operation["steps"]; readonly lookAt: number | null },
  ): Promise<void>;
  /** Stores the steps about to be sent, and `fields` if their former values are now known. Durable. */
  planned(id: number, steps: Operation["steps"], fields?: Operation["fields"]): Promise<void>;
  stepDone(id: number, stepsDone: number): Promise<void>;
  /** Postpones an operation: a limit, an outage, a lost answer. Has no effect on one dropped meanwhile. */
  postpone(
    id: number,
    end: {
      readonly state: "queued" | "waiting" | "unknown";
      readonly nextAttemptAt: number | null;
      readonly reason: OperationReason | null;
    },
  ): Promise<Change>;
  /** Ends an attempt, temporarily or for good; the tracker's answer becomes the base in the same transaction. */
  settle(id: number, end: Settlement): Promise<Change>;
  /** Written creations that need a search for twins, soonest first. */
  twinLooks(
    connection: string,
    limit: number,
  ): Promise<readonly { readonly operation: Operation; readonly at: number }[]>;
  /** Stores the result of a search for twins; found ones are reported. `nextAt`: the time of the next search; null: no more. */
  lookedForTwins(
    id: number,
    found: { readonly twins: readonly string[]; readonly nextAt: number | null },
  ): Promise<Change>;
  /**
   * Stores the tracker's name of a new issue, and redirects references from the local issue to it. Queues `rest`, which the create could not set, as a separate
   * edit without what was decided differently since. If a pull has already recognised the issue, the newer version is kept; if that was another issue, a twin,
   * nothing changes.
   */
  named(id: number, answer: WrittenAnswer, rest: readonly FieldChange[]): Promise<Change>;
};

export type WrittenAnswer = {
  readonly issue: NativeIssue;
  readonly seen: Partial<Vocabulary>;
  readonly requestedAt: number;
};

export type Settlement = {
  readonly state: "written" | "refused" | "conflict";
  readonly reason?: OperationReason;
  readonly conflicts?: Operation["conflicts"];
  /** Present if only these fields are refused or in conflict. The others are written, or continue as `rest`. */
  readonly fields?: readonly FieldChange[];
  /** Fields that continue without the conflicting ones, as a separate operation. */
  readonly rest?: readonly FieldChange[];
  readonly answer?: WrittenAnswer;
  /** For comments: the tracker's present version; null: it was deleted. */
  readonly comment?: { readonly comment: NativeComment; readonly seen: Partial<Vocabulary> } | null;
  readonly twins?: readonly string[];
  /** See `OperationPayload`. */
  readonly became?: string;
  /** For a creation sent again after a lost answer: when to search for twins. */
  readonly lookAgainAt?: number;
};
