import type { Command } from "commander";
import type { Context } from "../context.ts";
import { count, groupDigits } from "../printing/describe-time.ts";
import { exitCodes } from "../printing/exit-code.ts";
import { openWithLock } from "../server/open-with-lock.ts";
import type { SyncOutcome } from "../sync-now.ts";
import { unknownTracker } from "../unknown-tracker.ts";

type Options = { readonly sweep?: boolean; readonly json?: boolean };

export function define(command: Command, context: Context): void {
  command
    .argument("[tracker]", "a tracker, or a connection named in config.yaml; default: all")
    .option("--sweep", "also look for deleted issues, and for renamed states, labels and people")
    .option("--json", "as JSON: {changed, removed, requests, failures}")
    .action(async (tracker: string | undefined, options: Options) => {
      const outcome = await runSync(context, tracker, options.sweep ?? false);
      report(context, outcome, options);
    });
}

async function runSync(context: Context, tracker: string | undefined, sweep: boolean): Promise<SyncOutcome> {
  const [{ findServer }, { syncHere, syncThroughServer }] = await Promise.all([
    import("../server/server-client.ts"),
    import("../sync-now.ts"),
  ]);
  const scope = { ...(tracker !== undefined && { tracker }), sweep };
  const opened = await openWithLock(
    context,
    () => findServer(context.paths.serverFile),
    async () =>
      (await import("../compose.ts")).composeApp({
        ...context,
        programs: tracker === undefined ? "used" : { usedAnd: tracker },
      }),
  );
  if ("server" in opened) return syncThroughServer(context, opened, scope);
  const app = opened;
  try {
    const known = [...new Set([...app.trackers, ...app.config.current().connections].map(({ id }) => id))];
    if (tracker !== undefined && !known.includes(tracker)) throw unknownTracker(tracker, known);
    return await syncHere(context, app, { ...scope, sends: true });
  } finally {
    await app.close();
  }
}

function report({ out, setExitCode }: Context, outcome: SyncOutcome, { json }: Options): void {
  const { changed, removed, requests, failures } = outcome;
  if (json) {
    const failed = failures.map(({ source, error: { code, message, hint } }) => ({
      source,
      problem: { code, detail: message, ...(hint !== undefined && { hint }) },
    }));
    out.json({ changed, removed, requests, failures: failed });
  } else {
    out.line(`${count(changed, "issue")} changed, ${groupDigits(removed)} removed, ${count(requests, "request")}.`);
  }
  const [first] = failures;
  if (first !== undefined) setExitCode(exitCodes[first.error.code] === 4 ? 4 : 1);
}
