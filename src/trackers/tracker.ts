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
  /** How its server handles pull or merge requests; absent if it hosts no code. The source keys tell which git remotes belong to it. */
  readonly codeHost?: CodeHostDefinition;
  readonly webhooks: WebhookDefinition;
  /** Alternative names for native states in projects.yaml, name → state id, for trackers with the same states in every source (GitHub's `closed`). */
  readonly stateAliases?: Readonly<Record<string, string>>;
  /** How the HTTP client talks to this tracker: credentials, limits, errors. */
  readonly http: HttpPolicy;
  connect(http: HttpClient): TrackerConnection;
};

/** A tracker's server as a code host. */
export type CodeHostDefinition = {
  /** What it calls a request to merge a branch. */
  readonly requestNoun: "pull request" | "merge request";
  /** The longest title of such a request, in characters. */
  readonly maxTitle: number;
  /** The keyword that closes an issue of the same tracker when a request that contains it is merged. */
  closingWords(issue: Pick<IssueAddress, "key" | "sourceKey">): string;
};

/** Which features a tracker has. A missing feature is declared here, never a stub that throws. */
export type Capabilities = {
  readonly labels: boolean;
  /** Native priorities, or priorities read from labels (`label-priorities.ts`). */
  readonly priority: boolean;
  readonly estimate: boolean;
  readonly dueDate: boolean;
  readonly cycles: boolean;
  readonly parent: boolean;
  readonly relations: boolean;
  readonly comments: boolean;
  /** Whether issues have files or links in addition to their text. */
  readonly attachments: boolean;
  /** Whether issues outside the mirrored window can be counted. */
  readonly countsOutside: boolean;
};

/** What can be changed in a tracker, in addition to title, body and status, which every tracker supports. Used by the interface, the API and the outbox. */
export type WritingCapabilities = {
  readonly assignees: "one" | "many";
  /** Where an issue can have several assignees, the most it can have. null: unknown; the tracker refuses more. */
  readonly mostAssignees: number | null;
  /** Relation types that the tracker itself stores; Panopticon keeps the others. */
  readonly relations: readonly LinkType[];
  /** The longest texts it accepts, in characters; `body` also applies to comments. null: unknown; the tracker refuses longer texts. */
  readonly texts: { readonly title: number | null; readonly body: number | null };
  /** `reply`: comments have threads, `NativeComment.replyTo`. */
  readonly comments: { readonly edit: boolean; readonly delete: boolean; readonly reply: boolean };
  /** Whether the type of an existing issue can be changed. */
  readonly type: boolean;
  /** Whether using a new label creates it: by the tracker, or by a step that `plan` puts first. */
  readonly newLabels: boolean;
  /** Whether a move may have several transitions or require fields: `TrackerWriter.choices`. */
  readonly choices: boolean;
  /** Whether a missing state can be created: `TrackerWriter.createState`. */
  readonly newStates: boolean;
  /** The most writes in flight at once on one connection. */
  readonly concurrency: number;
  /** How long after a write the tracker's lists may not show it yet, in milliseconds. A create or comment whose response was lost is looked up after this delay. */
  readonly lagMs: number;
};

export type Account = {
  /** The tracker's id of the user; what `assignee: me` means. */
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** Scopes or roles as the tracker names them; null if it does not tell. */
  readonly scopes: readonly string[] | null;
  /** Missing permissions, as sentences for the user; empty if there are none. */
  readonly missing: readonly string[];
};

/** A position in a source, as JSON that only its tracker interprets. The store keeps it unchanged. */
export type Cursor = { readonly [key: string]: unknown };

export type PullRequest = {
  /** The result of the last run; null on the first run, and after `history` was extended. */
  readonly cursor: Cursor | null;
  /** Where an interrupted run continues; takes precedence over `cursor`. */
  readonly resume: Cursor | null;
  readonly signal: AbortSignal;
};

export type PullPage = {
  readonly changes: readonly NativeIssue[];
  /** Native ids of issues that the tracker reports as gone (trashed, moved away). */
  readonly removed: readonly string[];
  /** Records that did not parse. They are stored raw, counted and shown. */
  readonly rejected: readonly RejectedRecord[];
  /** Labels, people and cycles contained in the response. */
  readonly seen: Partial<Vocabulary>;
  /** When the request for this page was sent, in milliseconds on this machine's clock. */
  readonly requestedAt: number;
  /** Where to continue if the run is interrupted after this page is stored; null on the last page. */
  readonly resume: Cursor | null;
  /** Only on the last page: the next cursor. `advanced` applies if the run found changes, `kept` if it did not (so that the same URL can answer 304). */
  readonly finished: { readonly advanced: Cursor; readonly kept: Cursor } | null;
  /** Entries read so far in this run, and the total according to the tracker; null if it cannot tell. */
  readonly progress: { readonly done: number; readonly total: number | null };
};

export type RejectedRecord = { readonly nativeId: string | null; readonly raw: string; readonly reason: string };

/** A source's workflow and vocabulary, and how they map to Panopticon's. */
export type SourceSchema = {
  readonly info: SourceInfo;
  readonly vocabulary: Vocabulary;
  readonly mapping: Mapping;
  /** The source's issue types; the first creatable one is the default. */
  readonly types: readonly IssueType[];
  /** Whether these credentials may write here. `allowed` is null if the tracker does not tell in advance; `reason` is a sentence for the user, null if nothing is missing. */
  readonly writable: { readonly allowed: boolean | null; readonly reason: string | null };
  /** Why an issue of this source can have only one assignee where the tracker allows several, as a sentence; absent: it can have as many as the tracker says. */
  readonly oneAssignee?: string;
  /** Problems that do not stop the sync, such as an override in projects.yaml that names no state of this source (`invalid_input`, with the nearest names). */
  readonly warnings?: readonly PanopticonError[];
};

/** An issue that a sweep found to exist. */
export type LiveIssue = {
  readonly nativeId: string;
  readonly key: string;
  /** The whole record, if the sweep read it. Some changes do not affect the update time (GitLab's labels, GitHub's children), so only a sweep finds them. */
  readonly found?: Extract<ReadResult, { kind: "issue" }>;
};

/** An open connection. A closure without module state, so that several accounts can be used side by side. All errors are PanopticonErrors. */
export type TrackerConnection = {
  /** The account of the credentials, with its scopes and missing permissions. Throws `auth` if the credentials are refused. */
  verify(signal?: AbortSignal): Promise<Account>;
  /** All sources that these credentials can see. */
  sources(signal?: AbortSignal): AsyncIterable<SourceInfo>;
  /** Native states, labels, members, cycles and the status mapping. Throws `not_found` if the source does not exist. */
  describe(source: Source, overrides: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<SourceSchema>;
  /**
   * Changes since the cursor, oldest first where the tracker can; see docs/architecture.md, "How a change comes in". A new source is described at the same
   * time, so nothing that `describe` learns may be assumed.
   */
  pull(source: Source, request: PullRequest): AsyncIterable<PullPage>;
  /**
   * The ids of all existing issues inside the history window, as cheaply as the tracker allows. `key` lets `read` find those that the mirror lacks.
   * Finished issues that were not updated inside the window are left out.
   */
  sweep(source: Source, signal: AbortSignal): AsyncIterable<readonly LiveIssue[]>;
  read(source: Source, nativeId: string, key: string, signal?: AbortSignal): Promise<ReadResult>;
  comments(
    source: Source,
    nativeId: string,
    key: string,
    signal?: AbortSignal,
  ): AsyncIterable<{ readonly comments: readonly NativeComment[]; readonly seen: Partial<Vocabulary> }>;
  /** How many closed issues are outside the history window (not updated inside it); null if the tracker cannot count. */
  countOutside(source: Source, signal?: AbortSignal): Promise<number | null>;
  /**
   * Opens an attachment, an image or an avatar by its URL in the issue. Usually `http.openFile`, after converting the URL to the one that accepts the API's
   * credentials, if that is different. Throws `not_found`, `auth`, and `forbidden` for a URL outside `http.fileHosts`.
   */
  openFile(url: string, signal?: AbortSignal): Promise<OpenedFile>;
  /**
   * Finds an issue by its key, or by one it had before the mirror knew it, in whichever source it is now; null if there is none. Called only for trackers whose
   * `refs` have `formerKeys`.
   */
  findByKey?(
    key: string,
    signal?: AbortSignal,
  ): Promise<{ readonly nativeId: string; readonly key: string; readonly sourceId: string } | null>;
  /**
   * Passes what another process wrote shortly before this connection was opened, for trackers whose lists may still show the earlier state. Called before the
   * first `pull`.
   */
  recall?(writes: readonly RecentWrite[]): Promise<void>;
  /** Present if the definition has a `codeHost`. */
  readonly code?: CodeHost;
  /** Present if the credentials can create webhooks: `WebhookDefinition.byToken`. */
  readonly webhooks?: TrackerWebhooks;
  /** Absent if the tracker is read-only. */
  readonly write?: TrackerWriter;
};

/** An issue that was written, and its update time after that, in milliseconds. */
export type RecentWrite = { readonly nativeId: string; readonly updatedAt: number };

/** Parses and formats this tracker's refs. */
export type RefReader = {
  /** The tracker can look up former keys of issues, including those the mirror never saw: `TrackerConnection.findByKey`. */
  readonly formerKeys?: true;
  /**
   * `panopticon#45` → prefix and key; `MIN-123` → key alone; `owner/repo#45` → source key and key; an issue URL likewise.
   * null if the text is not a ref of this tracker; several trackers may accept the same text. Whether such an issue exists is for the mirror to decide.
   */
  parse(text: string): ParsedRef | null;
  /**
   * How a word in a body or a comment is parsed, if that differs from a ref that people type. `own`: the text belongs to this tracker, so its short forms
   * apply (`#45`; in GitLab's texts `!23` is a merge request). Absent: like `parse`.
   */
  inText?(word: string, own: boolean): ParsedRef | null;
  /**
   * How texts of this tracker name others of an issue's own source: a prefix and a number, found at that URL and the number. `otherNumbers`: they are no issues,
   * and are numbered by themselves. Absent: URLs do not contain keys.
   */
  shortForms?(own: {
    readonly key: string;
    readonly url: string;
  }): readonly { readonly prefix: string; readonly url: string; readonly otherNumbers?: true }[];
  /** The ref as people write it: `format({prefix: "panopticon", key: "#45"})` → `panopticon#45`. */
  format(ref: { readonly prefix: string; readonly key: string }): string;
};
