import type { CodeHost } from "../domain/code-host.ts";
import type { CredentialField, SourceKeyDefinition } from "../domain/credentials.ts";
import type { PanopticonError } from "../domain/error.ts";
import type { NativeComment, NativeIssue, Vocabulary } from "../domain/issue.ts";
import type { Mapping } from "../domain/mapping.ts";
import type {
  IssueAddress,
  IssueType,
  LabelRef,
  LinkType,
  MoveChoice,
  NativeDraft,
  RelationChange,
} from "../domain/operation.ts";
import type { SourceConfig, SourceInfo } from "../domain/source.ts";
import type { HttpClient, HttpPolicy, OpenedFile } from "./http/http-client.ts";
import type { TrackerWebhooks, WebhookDefinition } from "./webhooks/webhook.ts";

export type {
  Delivery,
  Proof,
  RegisteredWebhook,
  TrackerWebhooks,
  WebhookDefinition,
  WebhookHint,
  WebhookReader,
} from "./webhooks/webhook.ts";

/** The port: what a tracker is to the rest of Panopticon. One folder and one line in the registry each. */
export type TrackerDefinition = {
  readonly id: string;
  readonly label: string;
  /** What a source is called: `repository`, `team`. */
  readonly sourceNoun: { readonly one: string; readonly many: string };
  readonly credentialFields: readonly CredentialField[];
  readonly sourceKeys: readonly SourceKeyDefinition[];
  readonly capabilities: Capabilities;
  readonly writing: WritingCapabilities;
  readonly refs: RefReader;
  /** What its server does with branches; absent: it keeps no code. Its source keys say which remotes are its own. */
  readonly codeHost?: CodeHostDefinition;
  readonly webhooks: WebhookDefinition;
  /** Other words that projects.yaml may use for a native state, word → state id, where the states are the same in every source (GitHub's `closed`). */
  readonly stateAliases?: Readonly<Record<string, string>>;
  /** How the HTTP client talks to this tracker: credentials, limits, errors. */
  readonly http: HttpPolicy;
  connect(http: HttpClient): TrackerConnection;
};

/** A tracker's server as a keeper of code. */
export type CodeHostDefinition = {
  /** What it calls a request to take a branch in. */
  readonly requestNoun: "pull request" | "merge request";
  /** The longest title of one. */
  readonly mostTitle: number;
  /** Words that close an issue of this same tracker when a request with them in its text is merged. */
  closingWords(issue: Pick<IssueAddress, "key" | "sourceKey">): string;
};

/** What a tracker has; missing is data, never a stub that throws. Grows with what Panopticon can do. */
export type Capabilities = {
  readonly priority: boolean;
  readonly estimate: boolean;
  readonly dueDate: boolean;
  readonly cycles: boolean;
  readonly parent: boolean;
  readonly relations: boolean;
  readonly comments: boolean;
  /** Whether issues have files or links besides their text. */
  readonly attachments: boolean;
  /** Whether issues outside the mirrored window can be counted. */
  readonly countsOutside: boolean;
};

/** What can be changed in a tracker, beyond title, body and status, which all have. Data for the interface, the API and the outbox. */
export type WritingCapabilities = {
  readonly assignees: "one" | "many";
  /** The tracker's own relations between its issues; other types are kept by Panopticon alone. */
  readonly relations: readonly LinkType[];
  /** The longest texts it takes, in characters; `body` goes for comments too. null: not known, the tracker refuses what is too long. */
  readonly texts: { readonly title: number | null; readonly body: number | null };
  readonly comments: { readonly edit: boolean; readonly delete: boolean };
  /** Whether the issue's type can be changed after it was made. */
  readonly type: boolean;
  /** Whether using a new label makes it. */
  readonly newLabels: boolean;
  /** Whether a move can have several ways or ask for fields: `TrackerWriter.choices`. */
  readonly choices: boolean;
  /** Whether a missing state can be made: `TrackerWriter.createState`. */
  readonly newStates: boolean;
  /** Writes under way at once on one connection. */
  readonly concurrency: number;
  /** How long after a write the tracker's own lists may not show it, in milliseconds: what has to pass before a lost answer is looked for. */
  readonly lagMs: number;
};

export type Account = {
  /** The tracker's id of the user; what `assignee: me` means. */
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** Scopes or roles as the tracker names them; null where it does not say. */
  readonly scopes: readonly string[] | null;
  /** What is missing, as sentences for the user; empty when all is well. */
  readonly missing: readonly string[];
};

export type Source = Pick<SourceConfig, "key" | "historyMs"> & {
  /** The tracker's immutable id once known: a renamed repository is still found. */
  readonly nativeId: string | null;
};

/** A cursor belongs to its tracker: JSON that only the tracker reads. The store keeps it as it is. */
export type Cursor = { readonly [key: string]: unknown };

export type PullRequest = {
  /** What the last run gave; null on the first run, or after the mapping of history changed. */
  readonly cursor: Cursor | null;
  /** Where an unfinished run goes on; wins over `cursor`. */
  readonly resume: Cursor | null;
  readonly signal: AbortSignal;
};

export type PullPage = {
  readonly changes: readonly NativeIssue[];
  /** Native ids that the tracker itself reports as gone (trashed, moved away). */
  readonly removed: readonly string[];
  /** Records that did not parse; kept raw, counted and shown. */
  readonly rejected: readonly RejectedRecord[];
  /** What the answer named inline: labels, people, cycles. */
  readonly seen: Partial<Vocabulary>;
  /** Milliseconds on this machine's clock when the request for this page was sent. */
  readonly requestedAt: number;
  /** Where to go on if the run breaks after this page is stored; null on the last page. */
  readonly resume: Cursor | null;
  /** On the last page only. `advanced` when the run brought news, `kept` when it did not (so the same address can answer 304). */
  readonly finished: { readonly advanced: Cursor; readonly kept: Cursor } | null;
  /** Entries read so far in this run, and the tracker's idea of the whole; null where it cannot tell. */
  readonly progress: { readonly done: number; readonly total: number | null };
};

export type RejectedRecord = { readonly nativeId: string | null; readonly raw: string; readonly reason: string };

/** A source's own workflow and words, and how they are read. */
export type SourceSchema = {
  readonly info: SourceInfo;
  readonly vocabulary: Vocabulary;
  readonly mapping: Mapping;
  /** The kinds of issues that the source has; the first creatable one is the default. */
  readonly types: readonly IssueType[];
  /** What these credentials may do here: `allowed` is null where the tracker does not tell beforehand; `reason` is for the user. */
  readonly writable: { readonly allowed: boolean | null; readonly reason: string | null };
  /** What is odd without stopping the sync: an override in projects.yaml that names no state of this source (`invalid_input`, with the nearest names). */
  readonly warnings?: readonly PanopticonError[];
};

export type ReadResult =
  | {
      readonly kind: "issue";
      readonly issue: NativeIssue;
      readonly seen: Partial<Vocabulary>;
      readonly requestedAt: number;
    }
  /** It lives on elsewhere, under another source or key. */
  | { readonly kind: "moved"; readonly url: string | null }
  | { readonly kind: "gone" }
  /** Unreadable with these credentials, which says nothing about whether it exists. */
  | { readonly kind: "forbidden" };

/** An issue that a sweep found alive. */
export type LiveIssue = {
  readonly nativeId: string;
  readonly key: string;
  /** What was read of it, where a sweep reads whole records: some changes leave the update time alone (GitLab's labels). */
  readonly found?: Extract<ReadResult, { kind: "issue" }>;
};

/** An open connection. A closure without module state, so that several accounts live side by side. All errors are PanopticonErrors. */
export type TrackerConnection = {
  /** Who am I, which scopes, what is missing. Throws `auth` when the credentials are refused. */
  verify(signal?: AbortSignal): Promise<Account>;
  /** Everything these credentials can see that could be mirrored. */
  sources(signal?: AbortSignal): AsyncIterable<SourceInfo>;
  /** Native states, labels, members, cycles and the status mapping. Throws `not_found` for a source that is not there. */
  describe(source: Source, overrides: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<SourceSchema>;
  /** Changes since the cursor, oldest safe order first; see `sync.md`, "In". */
  pull(source: Source, request: PullRequest): AsyncIterable<PullPage>;
  /**
   * Every live id inside the history window, as cheaply as the tracker allows. `key` lets `read` find the ones the mirror lacks.
   * Finished issues without an update inside the window are left out.
   */
  sweep(source: Source, signal: AbortSignal): AsyncIterable<readonly LiveIssue[]>;
  read(source: Source, nativeId: string, key: string, signal?: AbortSignal): Promise<ReadResult>;
  comments(
    source: Source,
    nativeId: string,
    key: string,
    signal?: AbortSignal,
  ): AsyncIterable<{ readonly comments: readonly NativeComment[]; readonly seen: Partial<Vocabulary> }>;
  /** How many closed issues lie outside the history (not updated inside it); null where the tracker cannot count. */
  countOutside(source: Source, signal?: AbortSignal): Promise<number | null>;
  /**
   * Opens an attachment, an image or an avatar by its address as the issue names it. Mostly `http.openFile`, after turning the
   * address into the one that takes the API's credentials where that is another. Throws `forbidden` for an address outside `http.fileHosts`,
   * `not_found`, `auth`.
   */
  openFile(url: string, signal?: AbortSignal): Promise<OpenedFile>;
  /**
   * Finds an issue by a key that it has, or had before the mirror knew it, wherever it lives now; null where there is none to be seen. Asked of trackers whose
   * `refs` say `formerKeys`.
   */
  findByKey?(
    key: string,
    signal?: AbortSignal,
  ): Promise<{ readonly nativeId: string; readonly key: string; readonly sourceId: string } | null>;
  /**
   * What was written shortly before this connection was opened, by another process: for a tracker whose lists may still show it as it was. Called before the
   * first `pull`.
   */
  recall?(writes: readonly RecentWrite[]): Promise<void>;
  /** Of trackers whose definition has a `codeHost`. */
  readonly code?: CodeHost;
  /** Where the credentials can make webhooks: `WebhookDefinition.byToken`. */
  readonly webhooks?: TrackerWebhooks;
  /** Absent while a tracker is only read. */
  readonly write?: TrackerWriter;
};

/** An issue that was written, and its update time since; in milliseconds. */
export type RecentWrite = { readonly nativeId: string; readonly updatedAt: number };

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
   * several requests (GitHub from one closing reason to another) they are several steps. Throws `unsupported` or `invalid_input` for what cannot be.
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
  comment(
    source: Source,
    issue: IssueAddress,
    body: string,
    mark: OperationMark,
    signal?: AbortSignal,
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

/** What a written ref could mean in this tracker. */
export type RefReader = {
  /** The tracker itself still knows the keys that issues had, and tells the mirror those it never saw: `TrackerConnection.findByKey`. */
  readonly formerKeys?: true;
  /**
   * `panopticon#45` → prefix and key; `MIN-123` → key alone; `owner/repo#45` → source key and key; an issue URL likewise.
   * null when the text is no ref of this tracker. Whether such an issue exists is the mirror's business.
   */
  parse(text: string): ParsedRef | null;
  /**
   * How a word in a body or a comment is read, where that differs from what people type on purpose. `own`: the text is one of this tracker's, where its
   * own short forms hold (`#45`; GitLab's `!23` is a merge request there). Absent: as `parse`.
   */
  inText?(word: string, own: boolean): ParsedRef | null;
  /** The ref people write: `format({prefix: "panopticon", key: "#45"})` → `panopticon#45`. */
  format(ref: { readonly prefix: string; readonly key: string }): string;
};

export type ParsedRef = {
  /** Empty where `nativeId` says which issue is meant. */
  readonly key: string;
  /** The tracker's immutable id, where an address names that instead of the key. */
  readonly nativeId?: string;
  /** The word before the key, where one was written. */
  readonly prefix: string | null;
  /** The source, where the text names it: `owner/repo`. */
  readonly sourceKey: string | null;
  /** The host, where the text was a URL. */
  readonly host: string | null;
};
