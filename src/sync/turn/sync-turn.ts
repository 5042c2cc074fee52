import type { Clock } from "../../domain/clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { HttpMonitor } from "../../trackers/http/http-client.ts";
import type { TrackerConnection } from "../../trackers/tracker.ts";
import { describeIntervalMs, describeSource } from "./describe-source.ts";
import { isReserveReached } from "../schedule/interval.ts";
import { type BegunPull, beginPull, type PullOutcome, storePull } from "./pull-source.ts";
import { areRelationsLeft, readRelations } from "./read-relations.ts";
import type { SourceState } from "../schedule/source-state.ts";
import { sweepSource } from "./sweep-source.ts";
import { toSource } from "../to-source.ts";

const dayMs = 24 * 60 * 60 * 1000;

export type TurnOptions = {
  readonly state: SourceState;
  /** Sweep for vanished issues even if no sweep is due. */
  readonly sweep: boolean;
  /** No caller waits for this turn, so there is time to complete cards. */
  readonly idle: boolean;
  readonly store: Store;
  readonly clock: Clock;
  readonly connection: TrackerConnection;
  readonly monitor: HttpMonitor;
  readonly signal: AbortSignal;
  readonly onChange: (change: Change) => void;
  readonly onProgress: (progress: { readonly done: number; readonly total: number | null }) => void;
};

export type TurnOutcome = { readonly news: boolean; readonly incomplete: boolean };

/**
 * Runs one turn of a source: refreshes its vocabulary if it is old, pulls its changes and, once a day, sweeps for vanished issues. Keeps `state.row` up to
 * date. `news`: the list of changes had some; `incomplete`: cards wait for an idle turn that completes them. Throws errors of the tracker or the store; everything stored by then stays.
 */
export async function takeTurn(options: TurnOptions): Promise<TurnOutcome> {
  const { state, sweep, store, clock, connection, monitor, signal, onChange, onProgress } = options;
  const shared = { store, connection, clock, signal };
  const reread = async () => {
    state.row = await store.sources.get(state.row.id);
  };
  const describe = async () => {
    onChange(await describeSource({ ...shared, row: state.row }));
    await reread();
  };

  await reread();
  const { cursor, describedAt, lastSweepAt } = state.row.sync;
  const first = cursor === null;
  // The user waits for a new source, so its first page is requested while its vocabulary is read.
  let pull: BegunPull | null = first && state.row.info === null ? beginPull(connection, state.row, signal) : null;
  let outcome: PullOutcome;
  try {
    if (sweep || isOlder(describedAt, describeIntervalMs, clock)) await describe();
    if (first) onProgress({ done: 0, total: null });
    pull ??= beginPull(connection, state.row, signal);
    outcome = await storePull(pull, {
      store,
      clock,
      row: state.row,
      onPage: (page) => {
        onChange(page);
        // A short increment ends before anyone could read its progress.
        if (first || !page.finished || state.progress !== null) onProgress(page);
        if (!page.finished && isReserveReached(monitor.budget(), clock.now())) {
          throw reserveReached(monitor, state.row.config.tracker);
        }
      },
    });
  } finally {
    await pull?.end();
  }
  const { unknownIds, news } = outcome;
  if (unknownIds) await describe();

  const sweepDue = sweep || isOlder(lastSweepAt, dayMs, clock);
  // A first run has just read everything.
  if (first) await store.sources.saveSync(state.row.id, { lastSweepAt: clock.now() });
  else if (sweepDue) await sweepSource({ ...shared, row: state.row, onChange });
  if (first || sweepDue) await countOutside(shared, state.row);
  await reread();
  if (!options.idle) return { news: news && !first, incomplete: await areRelationsLeft(store, state.row, monitor) };
  const incomplete = await readRelations({ ...shared, monitor, row: state.row, onChange });
  await reread();
  return { news: news && !first, incomplete };
}

/** A time in the future was recorded before the clock was set back and means nothing. */
function isOlder(at: number | null, ageMs: number, clock: Clock): boolean {
  const now = clock.now();
  return at === null || now - at > ageMs || at > now;
}

/** Counts the issues outside the history window, to report them. */
async function countOutside(
  { store, connection, signal }: Pick<TurnOptions, "store" | "connection" | "signal">,
  row: SourceRow,
): Promise<void> {
  const { historyMs } = row.config;
  if (historyMs === null) {
    await store.sources.saveSync(row.id, { outside: null });
    return;
  }
  const reason = `closed and not updated in the last ${Math.round(historyMs / dayMs)} days (history in projects.yaml)`;
  const count = await connection.countOutside(toSource(row), signal);
  await store.sources.saveSync(row.id, { outside: count === 0 ? null : { count, reason } });
}

function reserveReached(monitor: HttpMonitor, tracker: string): PanopticonError {
  return new PanopticonError(
    "rate_limited",
    "80% of the request budget is used; the rest is reserved for opened issues and changes.",
    {
      tracker,
      hint: "A running server continues the sync by itself when the budget resets.",
      retryAt: monitor.budget()?.resetAt ?? undefined,
    },
  );
}
