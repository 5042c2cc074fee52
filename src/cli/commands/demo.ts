import createDebug from "debug";
import type { Command } from "commander";
import { makeDataDirectory } from "../../config/data-directory.ts";
import { startEmulators } from "../../../emulators/start.ts";
import type { Context } from "../context.ts";
import { makeDemoCode } from "../demo/demo-code.ts";
import { demoSurroundings, writeDemoHome } from "../demo/demo-home.ts";
import { keepLiving } from "../demo/demo-life.ts";
import { wholeNumber } from "../options/options.ts";
import { serve, showRunning } from "../server/serve.ts";

const defaultPort = 3011;
/** Issues per tracker: enough to scroll, few enough to sync within seconds. */
const issuesEach = 400;
const seed = 7;

const quote = (path: string): string => (/^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

type Options = { readonly port: number; readonly open: boolean; readonly issues: number };

export function define(command: Command, context: Context): void {
  command
    .description(
      "Starts emulators of the trackers with a made-up company's issues, connects them, and opens the board. Its data is kept apart, in ~/.panopticon/demo/; with PANOPTICON_HOME=~/.panopticon/demo, commands work on it.",
    )
    .option("--port <number>", "listen on this port; 0: any free one", wholeNumber(0, 65_535), defaultPort)
    .option("--issues <number>", "number of issues per tracker", wholeNumber(1, 100_000), issuesEach)
    .option("--no-open", "do not open a browser")
    .action(async (options: Options) => {
      const surroundings = demoSurroundings(context);
      if (await showRunning(context, surroundings.paths.serverFile, { open: options.open })) return;
      makeDataDirectory(surroundings.paths.home);
      const ended = new AbortController();
      const started = await startEmulators({ issues: options.issues, seed });
      const debug = createDebug("demo");
      try {
        const checkouts = await makeDemoCode(surroundings.paths.home, started.emulators, surroundings.env);
        writeDemoHome(surroundings.paths, started.emulators, checkouts);
        const living = keepLiving(started.emulators, {
          sleep: (ms, signal) => context.clock.sleep(ms, signal),
          signal: ended.signal,
          log: ({ tracker, issue, what }) => debug("%s %s %s", tracker, issue, what),
        });
        const note = `For commands on it, in another terminal: export PANOPTICON_HOME=${quote(surroundings.paths.home)}`;
        await serve(context, surroundings, { ...options, endAgents: true, note });
        ended.abort();
        await living;
      } finally {
        ended.abort();
        await started.close();
      }
    });
}
