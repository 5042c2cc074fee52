import type { Command } from "commander";
import type { Context } from "../context.ts";
import { openBrowser } from "../server/open-browser.ts";
import { wholeNumber } from "../options/options.ts";
import { checkHost, serve, showRunning, showStarting } from "../server/serve.ts";

type Options = {
  readonly host?: string;
  readonly port?: number;
  readonly open: boolean;
  readonly detach?: boolean;
};

export function define(command: Command, context: Context): void {
  command
    .option(
      "--port <number>",
      "listen on this port; 0: any free one (default: 3011, or config.yaml's)",
      wholeNumber(0, 65_535),
    )
    .option("--host <address>", "a loopback address (default: 127.0.0.1)")
    .option("--no-open", "do not open a browser")
    .option("--detach", "run in the background; pan down stops it")
    .action(async (options: Options) => {
      const { paths, out, env } = context;
      if (options.host !== undefined) checkHost(options.host, options.port ?? 3011);
      if (await showRunning(context, paths.serverFile, options)) return;
      if (!options.detach) {
        await serve(context, context, options).catch(async (error: unknown) => {
          if (!(await showStarting(context, options))) throw error;
        });
        return;
      }
      const { startDetached } = await import("../server/detach.ts");
      const port = options.port === undefined ? [] : ["--port", String(options.port)];
      const host = options.host === undefined ? [] : ["--host", options.host];
      const client = await startDetached(context, ["up", "--no-open", ...port, ...host]).catch(
        async (error: unknown) => {
          // Another server started at the same time and was first.
          if (!(await showRunning(context, paths.serverFile, options))) throw error;
          return null;
        },
      );
      if (client === null) return;
      const { url, pid, token } = client.server;
      out.line(
        `Panopticon runs at ${out.style("bold", url)} in the background (process ${pid}). Stop it with pan down.`,
      );
      out.line(`Open ${out.style("cyan", `${url}/?token=${token}`)}`);
      if (options.open) {
        const { url: address } = (await client.send("POST", "/api/sign-in-address")) as { url: string };
        openBrowser(address, env);
      }
    });
}
