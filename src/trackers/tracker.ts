import type { CodeHost } from "../domain/code-host.ts";
import type { CredentialField, SourceKeyDefinition } from "../domain/credentials.ts";
import type { PanopticonError } from "../domain/error.ts";
import type { NativeComment, NativeIssue, Vocabulary } from "../domain/issue.ts";
import type { Mapping } from "../domain/mapping.ts";
import type { IssueAddress, IssueType, LinkType } from "../domain/operation.ts";
import type { SourceInfo } from "../domain/source.ts";
import type { ReadResult, Source } from "./read-result.ts";
import type { HttpClient, HttpPolicy, OpenedFile } from "./http/http-client.ts";
import type { TrackerWebhooks, WebhookDefinition } from "./webhooks/webhook.ts";
import type { TrackerWriter } from "./writer.ts";
import type { ParsedRef } from "../domain/mention.ts";

export type { ReadResult, Source } from "./read-result.ts";
export type { NativeEdit, OperationMark, TrackerWriter, WriteAnswer, WriteStep, WrittenComment } from "./writer.ts";
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
  readonly maxTitle: number;
  /** Words that close an issue of this same tracker when a request with them in its text is merged. */
  closingWords(issue: Pick<IssueAddress, "key" | "sourceKey">): string;
};

/** What a tracker has; missing is data, never a stub that throws. Grows with what Panopticon can do. */
export type Capabilities = {
  /** Priorities of its own, or such as are read from labels (`label-priorities.ts`). */
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
  /** Whether using a new label makes it: the tracker does, or a step that `plan` puts before. */
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
  /** What these credentials may do here: `allowed` is null where the tracker does not tell beforehand; `reason`, a sentence for the user, is null where nothing is lacking. */
  readonly writable: { readonly allowed: boolean | null; readonly reason: string | null };
  /** What is odd without stopping the sync: an override in projects.yaml that names no state of this source (`invalid_input`, with the nearest names). */
  readonly warnings?: readonly PanopticonError[];
};

/** An issue that a sweep found alive. */
export type LiveIssue = {
  readonly nativeId: string;
  readonly key: string;
  /** What was read of it, where a sweep reads whole records: some changes leave the update time alone (GitLab's labels, GitHub's children). */
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
  /** Changes since the cursor, oldest safe order first; see `sync.md`, "In". A new source is described meanwhile: nothing that `describe` learns is there yet. */
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

/** What a written ref could mean in this tracker. */
export type RefReader = {
  /** The tracker itself still knows the keys that issues had, and tells the mirror those it never saw: `TrackerConnection.findByKey`. */
  readonly formerKeys?: true;
  /**
   * `panopticon#45` → prefix and key; `MIN-123` → key alone; `owner/repo#45` → source key and key; an issue URL likewise.
   * null when the text is no ref of this tracker; several trackers may take the same words for theirs. Whether such an issue exists is the mirror's business.
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
