import { resolve } from "node:path";
import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { nonEmpty } from "../options/options.ts";
import { plainLine } from "../../domain/plain-text.ts";

export function define(command: Command, context: Context): void {
  command
    .argument("[file]", "where to write it; default: panopticon-DATE.backup here", nonEmpty)
    .option("--secrets", "include the trackers' keys and the webhooks' secrets")
    .option("--json", "as JSON")
    .action(async (written: string | undefined, options: { secrets?: boolean; json?: boolean }) => {
      const { out, clock, cwd } = context;
      const stamp = new Date(clock.now()).toISOString().slice(0, 19).replace(/[:T]/g, "-");
      const file = resolve(cwd, written ?? `panopticon-${stamp}.backup`);
      if (written === "-") {
        throw new PanopticonError("invalid_input", "A backup cannot be written to standard output.", {
          hint: "Name a file; ./- for one of that name.",
        });
      }
      const { makeBackup } = await import("../backup/make-backup.ts");
      const result = await makeBackup(context, file, options.secrets === true);
      if (options.json === true) {
        out.json(result);
        return;
      }
      out.line(plainLine(result.file));
      const size = (result.bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 });
      out.note(`The mirror${result.files.map((name) => `, ${name}`).join("")}: ${size} MB.`);
      if (result.without.length > 0) {
        out.note(`Left out because of its secrets: ${result.without.join(", ")}. Include it with --secrets.`);
      }
    });
}
