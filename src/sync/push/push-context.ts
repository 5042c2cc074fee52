import type { Clock } from "../../domain/clock.ts";
import type { PanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { OpenConnection } from "../connection/open-connection.ts";
import type { Patience } from "./patience.ts";
import type { WorkInHand } from "./work-in-hand.ts";
import type { Source, TrackerConnection, TrackerWriter } from "../../trackers/tracker.ts";

/** What is needed to send a connection's outbox. */
export type PusherOptions = {
  readonly connection: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Throws if the connection cannot be opened. */
  readonly open: () => OpenConnection;
  readonly publish: (change: Change) => void;
  /** Called with an error of the connection as a whole, or null after a successful write. */
  readonly onTrouble: (error: PanopticonError | null) => void;
};

/** Shared by the rounds of one connection's outbox. */
export type RoundParts = PusherOptions & { readonly patience: Patience; readonly hand: WorkInHand };

/** What is needed to send one operation. */
export type PushContext = {
  readonly store: Store;
  readonly clock: Clock;
  readonly connection: TrackerConnection;
  readonly write: TrackerWriter;
  readonly row: SourceRow;
  readonly source: Source;
  readonly signal: AbortSignal;
  /** How long after sending to look for the effect of a lost answer: the request's deadline plus the tracker's lag. */
  readonly lookAfterMs: number;
  /** Notifies the listeners. */
  readonly publish: (change: Change) => void;
};

/** The outcome of an attempt: settled, or to be continued. */
export type Outcome =
  | { readonly kind: "settled" }
  /** Nothing was changed in the tracker: retry. */
  | { readonly kind: "later"; readonly error: unknown }
  /** It may have succeeded: check the tracker first. */
  | { readonly kind: "unknown"; readonly error: unknown }
  /** Another person's change came first, or the operation itself changed: start over at once. */
  | { readonly kind: "again"; readonly error: unknown };
