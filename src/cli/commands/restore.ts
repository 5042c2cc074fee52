import { resolve } from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { count, describeAgo } from "../printing/describe-time.ts";
import { loadConfig } from "../load-config.ts";
import { plainLine } from "../../domain/plain-text.ts";

export function define(command: Command, context: Context): void {
  command
    .argument("<file>", "a file written by pan backup")
    .option("--force", "replace existing data, and keep a copy next to it")
    .option("--json", "as JSON")
    .action(async (file: string, options: { force?: boolean; json?: boolean }) => {
      const { out, cwd, clock } = context;
      const { restoreBackup } = await import("../backup/restore-backup.ts");
      const result = await restoreBackup(context, resolve(cwd, file), options.force === true);
      if (options.json === true) {
        out.json(result);
        return;
      }
      const kept = ["the mirror", ...result.files];
      out.line(`Restored ${kept.join(", ")}, as of ${describeAgo(result.createdAt, clock.now())}.`);
      const keys = await missingKeys(context);
      if (keys.length > 0)
        out.note(
          `Missing, and only included in backups made with --secrets: ${keys.join(", ")}. Enter them with pan init.`,
        );
      for (const path of result.keptAt) out.note(`The replaced files are kept at ${plainLine(path)}`);
      if (result.unsent > 0) {
        out.note(
          `${count(result.unsent, "change")} had not reached the trackers at that time; Panopticon checks the tracker for each before sending it. List them with pan outbox.`,
        );
      }
    });
}

/** The credential keys that connections of the restored projects lack on this machine. */
async function missingKeys(context: Context): Promise<readonly string[]> {
  const { connections, projects } = await loadConfig(context, "used");
  const used = new Set(projects.flatMap(({ sources }) => sources.map(({ connection }) => connection)));
  return connections
    .filter(({ id }) => used.has(id))
    .flatMap(({ missing }) => missing.map(({ env, name }) => env[0] ?? name));
}
