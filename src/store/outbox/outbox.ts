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
  /** The operation's identity towards the tracker, a UUID. */
  readonly uuid: string;
  readonly issueId: number;
  /** The issue's ref now: `new-7` until its tracker named it. */
  readonly ref: string;
  readonly title: string;
  readonly tracker: string;
  readonly connection: string;
  readonly sourceId: number;
  readonly kind: OperationKind;
  /** Of an edit. */
  readonly fields: readonly FieldChange[];
  /** What the other kinds carry. */
  readonly payload: OperationPayload;
  readonly state: OperationState;
  /** Names of the requests it takes, and how many are done. */
  readonly steps: readonly { readonly name: string; readonly stateAfter?: string }[];
  readonly stepsDone: number;
  readonly attempts: number;
  readonly createdAt: number;
  readonly firstSentAt: number | null;
  readonly nextAttemptAt: number | null;
  readonly settledAt: number | null;
  readonly reason: OperationReason | null;
  /** Of `conflict`: what the tracker has now, by field, in native values. */
  readonly conflicts: readonly { readonly field: string; readonly theirs: string | number | null }[];
  /** As the history writes it. */
  readonly actor: string;
  /** The session that made it: what `undo` means. */
  readonly session: string;
  /** The operation it takes back. */
  readonly undoes: number | null;
  /** Refs of twins that a lost answer left behind; reported, never hidden. */
  readonly twins: readonly string[];
};

export type OperationPayload = {
  readonly draft?: NativeDraft;
  /** Of a create whose issue has its name: what goes on as edits by now, as `aspectsOf` writes it. The create has no say in it any more. */
  readonly decided?: readonly string[];
  /** `replaces`: of a new one that takes a written deletion back: the id of the comment that was deleted. `replyTo`: in whose thread that was; of the deletion, too. */
  readonly comment?: {
    readonly id: string | null;
    readonly body: string | null;
    readonly before: string | null;
    readonly replaces?: string;
    readonly replyTo?: string;
  };
  readonly relation?: RelationChange;
  /** Of a relation to be made: the other issue says it already, and this one was not read since. It is not ended with this operation. */
  readonly wasThere?: true;
  /** Of a written body: what its tracker made of it, where that is another text. */
  readonly became?: string;
};

export type OperationReason = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** With `choice_needed`. */
  readonly choices?: readonly MoveChoice[];
};

/** Who makes a change, and from where. */
export type Author = {
  readonly actor: string;
  /** Whose last change `undo` means. */
  readonly session: string;
  /** What has the same group is undone together. */
  readonly group?: string;
  /**
   * What it takes back: the undo entry, and the operation that carried it. What waits for the user is taken back where it waits. `withdraw`: ids of the tracker's own fields
   * of which nothing was sent, so that nobody knows what they were before: their change is taken out of what waits.
   */
  readonly undoes?: {
    readonly entry: number;
    readonly operation: number | null;
    readonly withdraw?: readonly string[];
  };
};

/** What a change of the outbox did; `operation` is null where it only took an unsent one back. */
export type Queued = { readonly operation: number | null; readonly issueId: number; readonly change: Change };

/** `card`: how the issue is shown since, of the same moment. */
export type QueuedEdit = Queued & { readonly card: IssueCard };

/** An issue as edits see it. */
export type EditableIssue = {
  readonly id: number;
  readonly sourceId: number;
  /** What reading a change in words needs of its source. */
  readonly source: Pick<SourceRow, "id" | "config" | "info" | "mapping" | "form">;
  readonly ref: string;
  /** The tracker's last known values. */
  readonly base: NativeIssue;
  /** When those were asked for, in milliseconds since the epoch. */
  readonly requestedAt: number;
  /** The base with the open operations laid over it. */
  readonly shown: NativeIssue;
  /** The shown status, which a project may keep to itself. */
  readonly status: Status;
  /** What the user wants: what is shown, with what was refused or is in conflict laid over it. */
  readonly wanted: { readonly issue: NativeIssue; readonly status: Status };
};

/** The user's half: every method is one durable transaction that writes the operation, what is shown, the history and the change log. */
export type OutboxStore = {
  /** Throws `not_found`. */
  issue(issueId: number): Promise<EditableIssue>;
  /** Queues changed fields. Unsent edits of the same field fold into one; a fold back to the original removes it. Throws `invalid_input` for a parent that lies below the issue already. */
  edit(issueId: number, fields: readonly FieldChange[], author: Author): Promise<QueuedEdit>;
  /** Queues a new issue and puts it on the board under a local ref, `new-7`. */
  create(sourceId: number, draft: NativeDraft, author: Author): Promise<Queued & { readonly ref: string }>;
  /**
   * Queues a change of a comment; unsent ones fold, and a fold back to the original is none. `commentId` of a new one: that one was deleted and is to be there again. What its
   * tracker does not know of yet is withdrawn; a deletion that is written is followed by a new comment, once.
   */
  comment(
    issueId: number,
    change: {
      readonly kind: "comment" | "edit_comment" | "delete_comment";
      readonly commentId?: string;
      readonly body?: string;
    },
    author: Author,
  ): Promise<Queued>;
  /** The id of a comment now: `id` may be the one it had here until its tracker named it, or the one it had before it was deleted and sent again. */
  commentId(issueId: number, id: string): Promise<string>;
  relate(
    issueId: number,
    change: { readonly kind: "relate" | "unrelate"; readonly relation: RelationChange },
    author: Author,
  ): Promise<Queued>;
  /** Throws `not_found`. */
  get(id: number): Promise<Operation>;
  /**
   * All unsettled ones and those that left twins, what needs the user first, then the oldest; with `issueId` the last of one issue, settled ones too, at most `limit`
   * (1,000).
   */
  list(query?: { readonly issueId: number; readonly limit?: number }): Promise<readonly Operation[]>;
  counts(): Promise<{ readonly pending: number; readonly failed: number; readonly conflict: number }>;
  /**
   * Puts a refused, conflicting or waiting operation back into the queue; with a chosen way where one was asked for. Throws `conflict` for one that is over, that is being
   * sent, or that refers to an issue which was given up before its tracker had it, and `gone` where its own issue has left the mirror.
   */
  retry(
    id: number,
    more?: { readonly transition?: string; readonly fields?: Readonly<Record<string, unknown>> },
  ): Promise<Queued>;
  /** Gives an operation up; what it showed goes. Throws `conflict` for one whose answer was lost, or that is being sent. */
  drop(id: number, how?: "dropped" | "undone"): Promise<Queued>;
  /** The user knows of the twins of an operation: they are reported no longer. Throws `conflict` where there are none. */
  keepTwins(id: number): Promise<Queued>;
  /** Ends a conflict: `mine` is sent over what the tracker has now, `theirs` is kept. */
  resolve(id: number, choices: Readonly<Record<string, "mine" | "theirs">>): Promise<Queued>;
  readonly sending: SendingStore;
};

/** The engine's half. */
export type SendingStore = {
  /** After a start: what was being sent when the process died has an unknown outcome. `ids`: of these alone, whose end could not be written down. Gives how many. */
  recover(ids?: readonly number[]): Promise<number>;
  /**
   * The first open operation of every issue of a connection, the soonest first: those that can be sent or looked for at `nextAttemptAt` (null: now).
   * Left out: what is being sent, and what refers to an issue that its tracker has not named yet.
   */
  upcoming(connection: string, limit: number): Promise<readonly Operation[]>;
  /** Issues of a connection that were written since then, with their update times as far as they are known. */
  recentWrites(
    connection: string,
    since: number,
  ): Promise<readonly { readonly nativeId: string; readonly updatedAt: number }[]>;
  /** An issue of a source's connection, as its tracker is told of it. */
  address(sourceId: number, nativeId: string): Promise<IssueAddress>;
  /**
   * The whole connection has to wait (a limit, no network, no valid credentials): what is queued says so too, and is not tried before. Gives what cards changed.
   */
  hold(connection: string, until: number, reason: OperationReason): Promise<Change>;
  /** What waits is tried at once: the credentials changed, or the network came back. What a limit holds keeps its time. */
  hasten(connection: string): Promise<void>;
  /** This machine's clock was set back by so much: what waits for a time waits no longer than it was meant to. */
  clockSetBack(connection: string, byMs: number): Promise<void>;
  /**
   * Before anything leaves: state `sending`, one attempt more; from here on nothing folds into it. Durable. `lookAt`: when the outcome can be looked for if the
   * process dies now. Throws `conflict` when the operation is no longer the one that was read (dropped, folded, changed where it waited), or is a create whose issue
   * a pull has brought meanwhile.
   */
  begin(
    operation: Pick<Operation, "id" | "issueId" | "fields" | "payload">,
    sending: { readonly steps: Operation["steps"]; readonly lookAt: number | null },
  ): Promise<void>;
  /** The steps that are about to be sent, once they are known; `fields` where they know by now what was there before. Durable. */
  planned(id: number, steps: Operation["steps"], fields?: Operation["fields"]): Promise<void>;
  stepDone(id: number, stepsDone: number): Promise<void>;
  /** Not now: a limit, an outage, a lost answer. One that was given up meanwhile stays so. */
  postpone(
    id: number,
    end: {
      readonly state: "queued" | "waiting" | "unknown";
      readonly nextAttemptAt: number | null;
      readonly reason: OperationReason | null;
    },
  ): Promise<Change>;
  /** The end, for now or for good: the tracker's answer becomes the base in the same transaction. */
  settle(id: number, end: Settlement): Promise<Change>;
  /** Written creations whose twins are to be looked for, the soonest first. */
  twinLooks(
    connection: string,
    limit: number,
  ): Promise<readonly { readonly operation: Operation; readonly at: number }[]>;
  /** Twins were looked for: those found are reported. `nextAt`: when they are looked for again; null: no more. */
  lookedForTwins(
    id: number,
    found: { readonly twins: readonly string[]; readonly nextAt: number | null },
  ): Promise<Change>;
  /**
   * The tracker named a new issue; what referred to the local issue refers to this one. `rest`, what the create could not say, goes on as an edit of its own, without
   * what was decided otherwise since. Where a pull has recognised the issue already, the newer of the two is kept; where it was another, a twin, nothing changes.
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
  /** Present where only a part is refused or in conflict: those fields. The others are written, or go on as `rest`. */
  readonly fields?: readonly FieldChange[];
  /** Fields that go on without the conflicting ones, as an operation of their own. */
  readonly rest?: readonly FieldChange[];
  readonly answer?: WrittenAnswer;
  /** Of comments: what the tracker has now; null: it is deleted. */
  readonly comment?: { readonly comment: NativeComment; readonly seen: Partial<Vocabulary> } | null;
  readonly twins?: readonly string[];
  /** See `OperationPayload`. */
  readonly became?: string;
  /** Of a creation that was sent again after a lost answer: when twins of it are looked for. */
  readonly lookAgainAt?: number;
};
