import type { NativeComment, NativeIssue, Vocabulary } from "../domain/issue.ts";
import type { IssueAddress, LabelRef, MoveChoice, NativeDraft, RelationChange } from "../domain/operation.ts";
import type { ReadResult, Source } from "./read-result.ts";

/** The changes to make to an issue, in native values. Absent fields stay unchanged. */
export type NativeEdit = {
  readonly title?: string;
  /** Markdown. */
  readonly body?: string;
  readonly stateId?: string;
  /** The chosen transition, if several lead to the state. */
  readonly transition?: string;
  readonly nativePriority?: string | null;
  readonly cycleId?: string | null;
  readonly dueDate?: string | null;
  readonly estimate?: number | null;
  readonly parent?: IssueAddress | null;
  readonly type?: string;
  readonly addLabels?: readonly LabelRef[];
  readonly removeLabels?: readonly LabelRef[];
  readonly addAssignees?: readonly string[];
  readonly removeAssignees?: readonly string[];
  /** The tracker's own fields by their ids. */
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** One request of a change. Plain JSON, because it is stored on disk until it is done. */
export type WriteStep = {
  /** A description for people: `close`, `add labels`. */
  readonly name: string;
  /** What `perform` needs; only the tracker interprets it. */
  readonly request: { readonly [key: string]: unknown };
  /** The native state after this step, if the step changes it. It may be intermediate (reopened, to be closed with another reason). */
  readonly stateAfter?: string;
};

/** An operation's identity, by which a create or comment is found if its response was lost. */
export type OperationMark = {
  /** A UUID. */
  readonly id: string;
  /** When it was first sent, in milliseconds on this machine's clock; null: never. */
  readonly firstSentAt: number | null;
};

/** The whole issue as returned by a write; null if the tracker only confirms the write. In that case the issue is read. */
export type WriteAnswer = Extract<ReadResult, { kind: "issue" }> | null;

export type WrittenComment = { readonly comment: NativeComment; readonly seen: Partial<Vocabulary> };

/**
 * The writing half of the port. Each method sends one change and never retries; whether and when to send it again is decided by the outbox. Errors:
 *
 * - `forbidden`, `invalid_input`, `not_found`, `gone`, `unsupported`: refused, with the tracker's own message.
 * - `conflict`: someone else's change came first; read the issue again.
 * - `choice_needed`: the user has to choose among `choices`.
 * - `rate_limited`, and any error with `notSent`: certainly not carried out.
 * - `auth`: wait for new credentials.
 * - `unreachable`, `timeout`, `invalid_response`: may have been carried out.
 */
export type TrackerWriter = {
  /**
   * The steps that turn the issue as it was just read into what is wanted: as few as possible, additions before removals. Sends no requests. A value that needs
   * several requests (on GitHub, changing the closing reason) becomes several steps. If the tracker takes a set only as a whole, the step holds the additions and
   * removals, and `perform` reads the set again before sending it, so that concurrent additions by others survive. Empty if the issue is already as wanted.
   * Throws `unsupported` or `invalid_input` for changes that are impossible.
   */
  plan(source: Source, issue: NativeIssue, edit: NativeEdit): Promise<readonly WriteStep[]>;
  /** Sends one step. `issue` is the state last read, with the `version` for a conditional write. */
  perform(source: Source, issue: NativeIssue, step: WriteStep, signal?: AbortSignal): Promise<WriteAnswer>;
  /**
   * Requests the transitions from an issue's current state to any of these states. Absent if every state can simply be set. Empty if the workflow forbids the
   * move.
   */
  choices?(
    source: Source,
    issue: NativeIssue,
    stateIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly MoveChoice[]>;
  /** Creates an issue, in one request. What a create cannot express (a state, a parent) is left to `plan`: the response is compared with the draft. */
  create(
    source: Source,
    draft: NativeDraft,
    mark: OperationMark,
    signal?: AbortSignal,
  ): Promise<Extract<ReadResult, { kind: "issue" }>>;
  /** The issues that an earlier `create` with this mark created: none, one, or duplicates, oldest first. Searches the caller's newest issues since `firstSentAt`. */
  findCreated(
    source: Source,
    draft: NativeDraft,
    mark: OperationMark,
    signal?: AbortSignal,
  ): Promise<readonly Extract<ReadResult, { kind: "issue" }>[]>;
  /** Creates a comment. `replyTo`: the comment whose thread it belongs to, if the tracker has threads (`NativeComment.replyTo`); if that comment is gone, the new one starts a thread. */
  comment(
    source: Source,
    issue: IssueAddress,
    body: string,
    mark: OperationMark,
    signal?: AbortSignal,
    replyTo?: string,
  ): Promise<WrittenComment>;
  /** Like `findCreated`, for comments. */
  findComments(
    source: Source,
    issue: IssueAddress,
    body: string,
    mark: OperationMark,
    signal?: AbortSignal,
  ): Promise<readonly WrittenComment[]>;
  editComment(
    source: Source,
    issue: IssueAddress,
    commentId: string,
    body: string,
    signal?: AbortSignal,
  ): Promise<WrittenComment>;
  /** Deletes a comment; succeeds if it is already gone. */
  deleteComment(source: Source, issue: IssueAddress, commentId: string, signal?: AbortSignal): Promise<void>;
  /** Creates a relation to another issue of this connection; succeeds if it already exists. */
  relate(source: Source, issue: IssueAddress, relation: RelationChange, signal?: AbortSignal): Promise<void>;
  /** Removes a relation; succeeds if it is already gone. */
  unrelate(source: Source, issue: IssueAddress, relation: RelationChange, signal?: AbortSignal): Promise<void>;
  /**
   * Whether a body or comment found in the tracker is the one that was written. Some trackers store texts in their own format and return Markdown rewritten
   * (Linear turns `- a` into `* a`), so neither a response nor a later read equals the text that was sent. Used only to confirm a write: a text that equals the
   * previous value exactly was not written. Absent: the tracker keeps texts unchanged.
   */
  sameText?(written: string, found: string): Promise<boolean>;
  /**
   * The current values of the tracker's own fields, by id and in the format of `NativeEdit.fields`, so that a change of them can be undone. Values that cannot be
   * restored are left out. Absent if there are no such fields.
   */
  ownValues?(
    source: Source,
    issue: NativeIssue,
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, unknown>>;
  /** Creates a state with this name for a status that has none in the source, at the user's request. Absent if the tracker or these credentials do not allow it. */
  createState?(
    source: Source,
    name: string,
    like: { readonly category: string },
    signal?: AbortSignal,
  ): Promise<{ readonly stateId: string }>;
};
