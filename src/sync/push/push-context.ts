import type { Clock } from "../../domain/clock.ts";
import type { PanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { OpenConnection } from "../connection/open-connection.ts";
import type { Patience } from "./patience.ts";
import type { WorkInHand } from "./work-in-hand.ts";
import type { Source, TrackerConnection, TrackerWriter } from "../../trackers/tracker.ts";

/** What a connection's outbox is sent with. */
export type PusherOptions = {
  readonly connection: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Throws where the connection cannot be opened. */
  readonly open: () => OpenConnection;
  readonly publish: (change: Change) => void;
  /** Trouble of the connection as a whole, or null when a write went through. */
  readonly onTrouble: (error: PanopticonError | null) => void;
};

/** What the rounds of one connection's outbox share. */
export type RoundParts = PusherOptions & { readonly patience: Patience; readonly hand: WorkInHand };

/** What sending one operation works with. */
export type PushContext = {
  readonly store: Store;
  readonly clock: Clock;
  readonly connection: TrackerConnection;
  readonly write: TrackerWriter;
  readonly row: SourceRow;
  readonly source: Source;
  readonly signal: AbortSignal;
  /** How long after sending a lost answer can be looked for: the request's deadline and the tracker's lag. */
  readonly lookAfterMs: number;
  /** Tells the listeners. */
  readonly publish: (change: Change) => void;
};

/** How an attempt ended: settled, or to be looked at again. */
export type Outcome =
  | { readonly kind: "settled" }
  /** Nothing was carried out: try again. */
  | { readonly kind: "later"; readonly error: unknown }
  /** It may have been carried out: look first. */
  | { readonly kind: "unknown"; readonly error: unknown }
  /** Somebody else's change came first, or the operation itself changed: begin anew at once. */
  | { readonly kind: "again"; readonly error: unknown };
