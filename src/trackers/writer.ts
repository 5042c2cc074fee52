import type { NativeComment, NativeIssue, Vocabulary } from "../domain/issue.ts";
import type { IssueAddress, LabelRef, MoveChoice, NativeDraft, RelationChange } from "../domain/operation.ts";
import type { ReadResult, Source } from "./read-result.ts";

/** What is to be changed of an issue, in native values. What is absent stays as it is. */
export type NativeEdit = {
  readonly title?: string;
  /** Markdown. */
  readonly body?: string;
  readonly stateId?: string;
  /** The way that was chosen where several lead to the state. */
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

/** One request of a change. Plain JSON: it is kept on disk until it is done. */
export type WriteStep = {
  /** What it does, for people: `close`, `add labels`. */
  readonly name: string;
  /** What `perform` needs; only the tracker reads it. */
  readonly request: { readonly [key: string]: unknown };
  /** The native state after this step, where it changes it; may be one that is only passed through (reopened, to be closed with another reason). */
  readonly stateAfter?: string;
};

/** An operation's identity: what a lost create or comment is found again by. */
export type OperationMark = {
  /** A UUID. */
  readonly id: string;
  /** When it was first sent, in milliseconds on this machine's clock; null: never. */
  readonly firstSentAt: number | null;
};

/** What a write answered with, whole; null where the tracker says only that it was done: the issue is read then. */
export type WriteAnswer = Extract<ReadResult, { kind: "issue" }> | null;

export type WrittenComment = { readonly comment: NativeComment; readonly seen: Partial<Vocabulary> };

/**
 * The writing half of the port. One method sends one change and never repeats itself: whether it is sent again, and when, is the outbox's decision.
 * Errors: `forbidden`, `invalid_input`, `not_found`, `gone`, `unsupported` are refusals in the tracker's own words; `conflict`: somebody else's change came
 * first, read again; `choice_needed` with `choices`; `rate_limited` and errors with `notSent` were certainly not carried out; `auth` waits for new credentials;
 * `unreachable`, `timeout`, `invalid_response` may have been carried out.
 */
export type TrackerWriter = {
  /**
   * The requests that turn the issue as it was just read into what is wanted, as few as possible, additions before removals. Asks nobody. Where a value needs
   * several requests (GitHub from one closing reason to another) they are several steps. Where a set is sent whole, the step holds who comes and who leaves, and
   * `perform` reads the set again before it sends: what others added meanwhile stays. Throws `unsupported` or `invalid_input` for what cannot be.
   * Empty when the issue is as wanted already.
   */
  plan(source: Source, issue: NativeIssue, edit: NativeEdit): Promise<readonly WriteStep[]>;
  /** Sends one step. `issue` is the state last read, with the `version` for a conditional write. */
  perform(source: Source, issue: NativeIssue, step: WriteStep, signal?: AbortSignal): Promise<WriteAnswer>;
  /**
   * The ways from an issue's present state to any of these, asked of the tracker; absent where every state can simply be set. Empty: the workflow forbids
   * the move.
   */
  choices?(
    source: Source,
    issue: NativeIssue,
    stateIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly MoveChoice[]>;
  /** Makes an issue, in one request. What a create cannot say (a state, a parent) is left for `plan`: the answer is compared with the draft. */
  create(
    source: Source,
    draft: NativeDraft,
    mark: OperationMark,
    signal?: AbortSignal,
  ): Promise<Extract<ReadResult, { kind: "issue" }>>;
  /** The issues that an earlier `create` with this mark made: none, one, or twins, oldest first. Looks among the caller's newest ones since `firstSentAt`. */
  findCreated(
    source: Source,
    draft: NativeDraft,
    mark: OperationMark,
    signal?: AbortSignal,
  ): Promise<readonly Extract<ReadResult, { kind: "issue" }>[]>;
  /** Makes a comment. `replyTo`: the one in whose thread it belongs, where the tracker tells of threads (`NativeComment.replyTo`); without that one it stands by itself. */
  comment(
    source: Source,
    issue: IssueAddress,
    body: string,
    mark: OperationMark,
    signal?: AbortSignal,
    replyTo?: string,
  ): Promise<WrittenComment>;
  /** As `findCreated`, for comments. */
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
  /** A comment that is gone already counts as deleted. */
  deleteComment(source: Source, issue: IssueAddress, commentId: string, signal?: AbortSignal): Promise<void>;
  /** Makes a relation to another issue of this connection. One that is there already counts as made. */
  relate(source: Source, issue: IssueAddress, relation: RelationChange, signal?: AbortSignal): Promise<void>;
  /** Ends one. One that is gone already counts as ended. */
  unrelate(source: Source, issue: IssueAddress, relation: RelationChange, signal?: AbortSignal): Promise<void>;
  /**
   * Whether a body or comment that the tracker has is the one that was written. Some keep texts in a form of their own and give markdown back rewritten
   * (Linear makes `* a` of `- a`), so that neither an answer nor what is read after a lost one equals what was sent to the letter. Only for telling that a write
   * took: what equals the value before it, to the letter, was not written. Absent: texts are kept as they are sent.
   */
  sameText?(written: string, found: string): Promise<boolean>;
  /**
   * What the tracker's own fields of an issue hold now, by id and in the form that `fields` takes, so that a change of them can be taken back. Left out is what
   * cannot be put back as it is. Absent where there are no such fields.
   */
  ownValues?(
    source: Source,
    issue: NativeIssue,
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, unknown>>;
  /** Adds a state of this name for a status that the source has none for, when the user asks; absent where that is not possible with these credentials' rights. */
  createState?(
    source: Source,
    name: string,
    like: { readonly category: string },
    signal?: AbortSignal,
  ): Promise<{ readonly stateId: string }>;
};
