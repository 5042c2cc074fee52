import type { ConfigProblem } from "../config/config.ts";
import { PanopticonError } from "../domain/error.ts";
import type { SyncResultShape, TrackersShape } from "../server/contract/tracker.ts";
import type { App } from "./app.ts";
import { printProblems } from "./printing/config-problems.ts";
import type { Context } from "./context.ts";
import { deliveryMs } from "./changing/changing.ts";
import { Interrupted } from "./interrupted.ts";
import { openStates } from "../domain/operation.ts";
import { count } from "./printing/describe-time.ts";
import { describeLimit } from "./printing/describe-limit.ts";
import { plainText } from "../domain/plain-text.ts";
import { followProgress } from "./printing/progress.ts";
import type { ServerClient } from "./server/server-client.ts";

export type SyncScope = {
  /** The id of a tracker or connection; absent: all that are configured. */
  readonly tracker?: string;
  readonly sweep?: boolean;
  /** Sends waiting changes first. Only for a sync in this process: a server sends them by itself. */
  readonly sends?: boolean;
};

export type SyncOutcome = {
  readonly changed: number;
  readonly removed: number;
  readonly requests: number;
  readonly failures: readonly { readonly source: string; readonly error: PanopticonError }[];
};

/** Syncs in this process, with progress on standard error. Failures are printed there and returned. */
export async function syncHere(context: Context, app: App, { tracker, sweep, sends }: SyncScope): Promise<SyncOutcome> {
  const { connections } = app.config.current();
  const isConnection = connections.some(({ id }) => id === tracker) && !app.trackers.some(({ id }) => id === tracker);
  const interrupted = new AbortController();
  const stop = () => interrupted.abort(new Interrupted("Interrupted; everything read so far is kept."));
  process.once("SIGINT", stop);
  const mirrored = (await app.store.sources.list()).map(({ config }) => [config.tracker, config.connection]);
  noteConfiguration(context, app.config.current().problems, mirrored, tracker);
  const used = app.config.current().projects.flatMap(({ sources }) => sources.map((source) => source.tracker));
  const progress = followProgress(context.out, app.sync, describeBegin(tracker, used));
  try {
    if (sends === true) await sendWaiting(app, interrupted.signal);
    const result = await app.sync.syncNow({
      ...(tracker !== undefined && (isConnection ? { connection: tracker } : { tracker })),
      ...(sweep !== undefined && { sweep }),
      signal: interrupted.signal,
    });
    progress.end();
    noteFailures(context, result.failures);
    if (sends === true) await noteWaiting(context, app);
    return result;
  } finally {
    progress.end();
    process.off("SIGINT", stop);
  }
}

/** Sends what can be sent. `noteWaiting` reports the rest. */
async function sendWaiting({ changes, sync }: App, signal: AbortSignal): Promise<void> {
  if (!(await changes.outbox()).some(({ operation }) => openStates.includes(operation.state))) return;
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Interrupted);
  signal.addEventListener("abort", stop);
  try {
    await Promise.race([sync.deliver(deliveryMs), stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function noteWaiting({ out }: Context, { changes }: App): Promise<void> {
  const left = (await changes.outbox()).length;
  if (left > 0) out.note(`${count(left, "change")} ${left === 1 ? "is" : "are"} still in the outbox (pan outbox).`);
}

/** Has the running server sync. One tracker's failure does not stop the others. */
export async function syncThroughServer(
  context: Context,
  client: ServerClient,
  { tracker, sweep }: SyncScope,
): Promise<SyncOutcome> {
  const path = `/api/trackers/${encodeURIComponent(tracker ?? "all")}/sync${sweep ? "?sweep=true" : ""}`;
  // Printing the note meanwhile delays nothing.
  const [result] = await Promise.all([
    client.send("POST", path) as Promise<SyncResultShape>,
    noteBegin(context, client, tracker),
  ]);
  context.out.status(null);
  const failures = result.failures.map(({ source, problem }) => ({ source, error: toError(problem) }));
  noteFailures(context, failures);
  const { changed, removed, requests } = result;
  return { changed, removed, requests, failures };
}

async function noteBegin(context: Context, client: ServerClient, tracker: string | undefined): Promise<void> {
  const { trackers, problems } = (await client.get("/api/trackers")) as TrackersShape;
  // For an unknown tracker, the call's own error suffices.
  if (tracker !== undefined && !trackers.some(({ id, connection }) => [id, connection].includes(tracker))) return;
  const used = trackers.filter(({ sources }) => sources.length > 0);
  const mirrored = used.map(({ id, connection }) => [id, connection]);
  noteConfiguration(context, problems, mirrored, tracker);
  context.out.status(
    describeBegin(
      tracker,
      used.map(({ id }) => id),
    ),
  );
}

/** `Syncing github, jira…`; null if there is nothing to sync. */
function describeBegin(tracker: string | undefined, used: readonly string[]): string | null {
  const names = tracker === undefined ? [...new Set(used)] : [tracker];
  return names.length === 0 ? null : `Syncing ${names.join(", ")}…`;
}

/**
 * Notes problems in the configuration files that may be why less is synced than intended. `mirrored`: each source's tracker and connection; `wanted`: the one
 * to sync, otherwise all.
 */
function noteConfiguration(
  { out }: Context,
  problems: readonly ConfigProblem[],
  mirrored: readonly (readonly string[])[],
  wanted: string | undefined,
): void {
  printProblems(out, problems);
  const [of, itsSource] = wanted === undefined ? ["", "a source"] : [` of ${wanted}`, "any of its sources"];
  if (mirrored.some((names) => wanted === undefined || names.includes(wanted))) return;
  out.note(`Nothing${of} is mirrored: no project includes ${itsSource}. Add one with pan project add.`);
}

function toError(problem: SyncResultShape["failures"][number]["problem"]): PanopticonError {
  // The server uses the program's own error codes.
  return new PanopticonError(problem.code as PanopticonError["code"], problem.detail, {
    hint: problem.hint,
    retryAt: problem.retryAt === undefined ? undefined : Date.parse(problem.retryAt),
  });
}

function noteFailures({ out, clock }: Context, failures: SyncOutcome["failures"]): void {
  for (const { source, error } of failures) {
    out.note(`${out.styleNote("red", plainText(source))}: ${plainText(error.message)}`);
    const limit = describeLimit(error, clock.now());
    if (limit !== null) out.note(`  ${limit}`);
    if (error.hint !== undefined) out.note(`  ${plainText(error.hint)}`);
  }
}
