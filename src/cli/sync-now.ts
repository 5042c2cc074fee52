import { PanopticonError } from "../domain/error.ts";
import type { SyncResultShape, TrackersShape } from "../server/contract/tracker.ts";
import type { App } from "./app.ts";
import type { Context } from "./context.ts";
import { plainText } from "./plain-text.ts";
import { followProgress } from "./progress.ts";
import type { ServerClient } from "./server-client.ts";

export type SyncScope = {
  /** A tracker's id or a connection's; absent: all that are set up. */
  readonly tracker?: string;
  readonly sweep?: boolean;
};

export type SyncOutcome = {
  readonly changed: number;
  readonly removed: number;
  readonly requests: number;
  readonly failures: readonly { readonly source: string; readonly error: PanopticonError }[];
};

/** Syncs in this process, with progress on standard error. What could not be synced is said there and given back. */
export async function syncHere(context: Context, app: App, { tracker, sweep }: SyncScope): Promise<SyncOutcome> {
  const { connections } = app.config.current();
  const isConnection = connections.some(({ id }) => id === tracker) && !app.trackers.some(({ id }) => id === tracker);
  const interrupted = new AbortController();
  const stop = () => interrupted.abort(new PanopticonError("internal", "Interrupted; what was read so far is kept."));
  process.once("SIGINT", stop);
  const progress = followProgress(context.out, app.sync);
  try {
    const result = await app.sync.syncNow({
      ...(tracker !== undefined && (isConnection ? { connection: tracker } : { tracker })),
      ...(sweep !== undefined && { sweep }),
      signal: interrupted.signal,
    });
    progress.end();
    noteFailures(context, result.failures);
    return result;
  } finally {
    progress.end();
    process.off("SIGINT", stop);
  }
}

/** Lets the running server sync; connections that are not set up are passed over. */
export async function syncThroughServer(
  context: Context,
  client: ServerClient,
  { tracker, sweep }: SyncScope,
): Promise<SyncOutcome> {
  const names = tracker === undefined ? await findSetUp(client) : [tracker];
  context.out.status(`Syncing ${names.join(", ")}…`);
  const results = await Promise.all(
    names.map(async (name) => {
      const path = `/api/trackers/${encodeURIComponent(name)}/sync${sweep ? "?sweep=true" : ""}`;
      return (await client.send("POST", path)) as SyncResultShape;
    }),
  );
  context.out.status(null);
  const sum = (pick: (result: SyncResultShape) => number) => results.reduce((total, one) => total + pick(one), 0);
  const failures = results
    .flatMap((result) => result.failures)
    .map(({ source, problem }) => ({ source, error: toError(problem) }));
  noteFailures(context, failures);
  return {
    changed: sum(({ changed }) => changed),
    removed: sum(({ removed }) => removed),
    requests: sum(({ requests }) => requests),
    failures,
  };
}

async function findSetUp(client: ServerClient): Promise<string[]> {
  const { trackers } = (await client.get("/api/trackers")) as TrackersShape;
  return [
    ...new Set(
      trackers
        .filter(({ health, sources }) => health !== "not_configured" && sources.length > 0)
        .map(({ connection }) => connection),
    ),
  ];
}

function toError(problem: SyncResultShape["failures"][number]["problem"]): PanopticonError {
  // The server's codes are the program's own.
  return new PanopticonError(problem.code as PanopticonError["code"], problem.detail, { hint: problem.hint });
}

function noteFailures({ out }: Context, failures: SyncOutcome["failures"]): void {
  for (const { source, error } of failures) {
    out.note(`${out.styleNote("red", plainText(source))}: ${plainText(error.message)}`);
    if (error.hint !== undefined) out.note(`  ${plainText(error.hint)}`);
  }
}
