import type { CodeHost } from "../domain/code-host.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import type { PanopticonError } from "../domain/error.ts";
import type { MoveChoice } from "../domain/operation.ts";
import type { SourceConfig, SourceInfo } from "../domain/source.ts";
import type { Change } from "../store/change.ts";
import type { BudgetReading, OpenedFile } from "../trackers/http/http-client.ts";
import type { Account, WebhookHint } from "../trackers/tracker.ts";

/** What is to be kept in step: the connections and the sources read through them. */
export type SyncPlan = {
  readonly connections: readonly ConnectionConfig[];
  readonly sources: readonly SourceConfig[];
  /** From config.yaml `sync:`: no source is polled more often than this. */
  readonly minIntervalMs?: number | null;
};

export type Health = "ok" | "syncing" | "limited" | "auth" | "unreachable" | "misconfigured" | "not_configured";

/** How one connection stands, for `GET /api/trackers`, `pan status` and the board's tracker row. */
export type ConnectionStatus = {
  readonly connection: string;
  readonly tracker: string;
  readonly server: string | null;
  readonly health: Health;
  readonly account: Account | null;
  readonly budget: BudgetReading | null;
  readonly requests: number;
  readonly lastSyncAt: number | null;
  readonly nextSyncAt: number | null;
  readonly error: PanopticonError | null;
  readonly progress: { readonly done: number; readonly total: number | null } | null;
  /** Whether its webhooks can be relied on; absent where nothing ever came. */
  readonly webhooks?: WebhookStatus | undefined;
  /** How far the tracker's clock is ahead of this machine's, as its last answer told; absent while nobody knows. */
  readonly serverAheadMs?: number | undefined;
};

export type WebhookStatus = {
  /** When a delivery last told of a mirrored source. */
  readonly heardAt: number;
  /** `missed`: a poll found what no delivery had told; polls are as frequent as without webhooks until the next one. */
  readonly state: "working" | "missed";
};

export type SyncResult = {
  readonly changed: number;
  readonly removed: number;
  readonly requests: number;
  /** One per source that could not be synced; the others were. */
  readonly failures: readonly { readonly source: string; readonly error: PanopticonError }[];
};

/** What happens, for browsers, the CLI and agents. */
export type SyncEvent =
  | { readonly type: "change"; readonly sequence: number; readonly refs: readonly string[] }
  | { readonly type: "tracker"; readonly connection: string; readonly health: Health }
  | {
      readonly type: "progress";
      readonly connection: string;
      readonly source: string;
      readonly done: number;
      readonly total: number | null;
      readonly finished: boolean;
    };

/** Keeps the mirror in step with the trackers. One per data directory. */
export type SyncEngine = {
  /** Takes a new configuration; running work of connections that did not change goes on. */
  configure(plan: SyncPlan): Promise<void>;
  /** Starts polling; without it only `syncNow` and `openIssue` ask the trackers. */
  start(): void;
  /** Syncs now and answers when done: all sources, or those of one tracker. `sweep` looks for deleted issues too. */
  syncNow(which?: {
    tracker?: string;
    connection?: string;
    source?: string;
    sweep?: boolean;
    signal?: AbortSignal;
  }): Promise<SyncResult>;
  status(): readonly ConnectionStatus[];
  /** Someone looks at the board, or at an issue: poll sooner. The returned function ends it. */
  watch(what: { board: true } | { issueId: number }): () => void;
  /** Fetches an issue's comments and details from its tracker into the mirror. */
  refreshIssue(issueId: number, signal?: AbortSignal): Promise<void>;
  /** Opens a file of a connection's tracker, with its login; see `TrackerConnection.openFile`. */
  openFile(connection: string, url: string, signal?: AbortSignal): Promise<OpenedFile>;
  /** A connection's server as a keeper of code, and how far its clock is ahead. Throws `invalid_input` without credentials, `unsupported` where it keeps none. */
  codeHost(connection: string): { readonly host: CodeHost; readonly serverAheadMs: () => number };
  /** What a connection's credentials can see. */
  listSources(connection: string, signal?: AbortSignal): Promise<readonly SourceInfo[]>;
  /** Asks the tracker who we are. */
  verify(connection: string, signal?: AbortSignal): Promise<Account>;
  /** Something was queued in the outbox: tells the listeners, and the one who sends it. */
  changed(queued: { readonly change: Change }): void;
  /**
   * The ways from an issue's present state to any of these, asked of its tracker. null: every state can simply be set. Throws `timeout` when the tracker
   * takes longer than `patienceMs`.
   */
  moveChoices(issueId: number, stateIds: readonly string[], patienceMs: number): Promise<readonly MoveChoice[] | null>;
  /**
   * Asks a tracker that knows keys from before the mirror for an issue that the mirror does not find by one. true: the mirror has it now, by that key too. false: there
   * is none in the mirrored sources, or nobody could be asked within `patienceMs`.
   */
  findByKey(tracker: string, key: string, patienceMs: number): Promise<boolean>;
  /** Makes a state of this name for a status that a source has none for, and reads its workflow anew. Throws `unsupported` where a tracker cannot. */
  createState(sourceId: number, name: string, category: string, signal?: AbortSignal): Promise<void>;
  /** Sends what can be sent now and answers when nothing is due any more, or after `patienceMs`: for a process that will not stay. */
  deliver(patienceMs: number): Promise<void>;
  /**
   * A connection's tracker told of changes: what is meant is read again at once, and polls become rare while deliveries come and miss nothing. Gives how
   * many of the hints concern what is mirrored. Throws `not_found` for a connection that is not there.
   */
  hear(connection: string, hints: readonly WebhookHint[]): Promise<number>;
  on(listener: (event: SyncEvent) => void): () => void;
  /** Stops polling and waits for what is under way; pages on disk stay, the rest is resumed later. */
  stop(): Promise<void>;
};
