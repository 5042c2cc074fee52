import { PanopticonError } from "../domain/error.ts";
import type { MoveChoice } from "../domain/operation.ts";
import type { SourceRow } from "../store/sources/source-row.ts";
import type { Store } from "../store/store.ts";
import type { TrackerWriter } from "../trackers/tracker.ts";
import type { ConnectionRunner } from "./connection/connection-runner.ts";
import type { Runners } from "./connection/runners.ts";
import { toSource } from "./to-source.ts";

type Asking = { readonly store: Store; readonly runners: Pick<Runners, "get"> };

/** See `SyncEngine.moveChoices`. */
export async function moveChoices(
  { store, runners }: Asking,
  issueId: number,
  stateIds: readonly string[],
  patienceMs: number,
): Promise<readonly MoveChoice[] | null> {
  const issue = await store.outbox.issue(issueId);
  const row = await store.sources.get(issue.sourceId);
  const { choices } = writerOf(runners.get(row.config.connection), row);
  if (choices === undefined) return null;
  const patience = AbortSignal.timeout(patienceMs);
  try {
    return await choices(toSource(row), issue.base, stateIds, patience);
  } catch (error) {
    if (!patience.aborted) throw error;
    throw new PanopticonError("timeout", "The tracker did not say in time which moves it allows.", {
      tracker: row.config.tracker,
      hint: "It accepts or refuses the move when it is sent.",
    });
  }
}

/** See `SyncEngine.createState`. */
export async function createState(
  { store, runners }: Asking,
  sourceId: number,
  state: { readonly name: string; readonly category: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const row = await store.sources.get(sourceId);
  const runner = runners.get(row.config.connection);
  const writer = writerOf(runner, row);
  if (writer.createState === undefined) {
    throw new PanopticonError("unsupported", `States in ${row.config.key} cannot be created from here.`, {
      tracker: row.config.tracker,
      hint: "Create it in the tracker; Panopticon reads it within the hour.",
    });
  }
  await writer.createState(toSource(row), state.name, { category: state.category }, signal);
  await store.sources.saveSync(sourceId, { describedAt: null });
  await runner.syncNow({ source: row.config.id, sweep: false, signal });
}

function writerOf(runner: ConnectionRunner, row: SourceRow): TrackerWriter {
  const { write } = runner.open().connection;
  if (write !== undefined) return write;
  throw new PanopticonError("unsupported", "This tracker is read-only for now.", { tracker: row.config.tracker });
}
