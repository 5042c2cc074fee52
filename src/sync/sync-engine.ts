import type { CodeHost } from "../domain/code-host.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import type { PanopticonError } from "../domain/error.ts";
import type { MoveChoice } from "../domain/operation.ts";
import type { SourceConfig, SourceInfo } from "../domain/source.ts";
import type { Change } from "../store/change.ts";
import type { BudgetReading, OpenedFile } from "../trackers/http/http-client.ts";
import type { Account, WebhookHint } from "../trackers/tracker.ts";

/** What to sync: the connections and the sources read through them. */
export type SyncPlan = {
  readonly connections: readonly ConnectionConfig[];
  readonly sources: readonly SourceConfig[];
  /** From config.yaml `sync:`: no source is polled more often than this. */
  readonly minIntervalMs?: number | null;
};

export type Health = "ok" | "syncing" | "limited" | "auth" | "unreachable" | "misconfigured" | "not_configured";

/** The status of a connection, for `GET /api/trackers`, `pan status` and the board's tracker row. */
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
  /** Whether its webhooks are reliable; absent if no delivery ever arrived. */
  readonly webhooks?: WebhookStatus | undefined;
  /** How far the tracker's clock is ahead of this machine's, from its last response; absent if unknown. */
  readonly serverAheadMs?: number | undefined;
};

export type WebhookStatus = {
  /** When a delivery last concerned a mirrored source. */
  readonly heardAt: number;
  /** `missed`: a poll found a change that no delivery announced; until the next delivery, polls are as frequent as without webhooks. */
  readonly state: "working" | "missed";
};

export type SyncResult = {
  readonly changed: number;
  readonly removed: number;
  readonly requests: number;
  /** One per source that could not be synced; the others succeeded. */
  readonly failures: readonly { readonly source: string; readonly error: PanopticonError }[];
};

/** Events for browsers, the CLI and agents. */
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

/** Keeps the mirror in sync with the trackers. One per data directory. */
export type SyncEngine = {
  /** Applies a new configuration; running work of unchanged connections continues. */
  configure(plan: SyncPlan): Promise<void>;
  /** Starts polling. Until then only explicit calls like `syncNow` and `refreshIssue` send requests. */
  start(): void;
  /** Syncs now and resolves when done: all sources, or those of one tracker. `sweep` also looks for deleted issues. */
  syncNow(which?: {
    tracker?: string;
    connection?: string;
    source?: string;
    sweep?: boolean;
    signal?: AbortSignal;
  }): Promise<SyncResult>;
  status(): readonly ConnectionStatus[];
  /** Polls sooner while someone watches the board or an issue. The returned function ends the watch. */
  watch(what: { board: true } | { issueId: number }): () => void;
  /** Fetches an issue's comments and details from its tracker into the mirror. */
  refreshIssue(issueId: number, signal?: AbortSignal): Promise<void>;
  /** Opens a file of a connection's tracker, with its credentials; see `TrackerConnection.openFile`. */
  openFile(connection: string, url: string, signal?: AbortSignal): Promise<OpenedFile>;
  /** The connection's server as a code host, and how far its clock is ahead. Throws `invalid_input` without credentials, `unsupported` if it hosts no code. */
  codeHost(connection: string): { readonly host: CodeHost; readonly serverAheadMs: () => number };
  /** The sources that a connection's credentials can see. */
  listSources(connection: string, signal?: AbortSignal): Promise<readonly SourceInfo[]>;
  /** Fetches the account of the credentials. */
  verify(connection: string, signal?: AbortSignal): Promise<Account>;
  /** Call after a change: notifies the listeners, and whatever sends the changes of `connection`, if something was queued there. */
  changed(made: { readonly change: Change; readonly connection?: string }): void;
  /**
   * The transitions from an issue's present state to any of the given states, requested from its tracker. null: every state can be set directly. Throws
   * `timeout` if the tracker takes longer than `patienceMs`.
   */
  moveChoices(issueId: number, stateIds: readonly string[], patienceMs: number): Promise<readonly MoveChoice[] | null>;
  /**
   * Looks up an issue missing from the mirror by a key, such as a former one, in its tracker. true: the mirror has it now, also by that key. false: it is not
   * in the mirrored sources, or the tracker did not answer within `patienceMs`.
   */
  findByKey(tracker: string, key: string, patienceMs: number): Promise<boolean>;
  /** Creates a state for a status that the source has no state for, and reads its workflow again. Throws `unsupported` if the tracker cannot. */
  createState(sourceId: number, name: string, category: string, signal?: AbortSignal): Promise<void>;
  /** Sends what can be sent now and resolves when nothing more is due, or after `patienceMs`. For a process about to exit. */
  deliver(patienceMs: number): Promise<void>;
  /**
   * Handles webhook hints: rereads the affected issues at once, and polls rarely while deliveries arrive and miss nothing. Returns how many of the hints
   * concern mirrored data. Throws `not_found` for an unknown connection.
   */
  hear(connection: string, hints: readonly WebhookHint[]): Promise<number>;
  on(listener: (event: SyncEvent) => void): () => void;
  /** Stops polling and waits for work in progress; stored pages stay, the rest resumes later. */
  stop(): Promise<void>;
};
