import type { Command } from "commander";
import { openChanging } from "../changing/open-changing.ts";
import { deliverAndReport } from "../changing/report-change.ts";
import type { Context } from "../context.ts";
import { wholeNumber } from "../options/options.ts";
import { plainText } from "../../domain/plain-text.ts";

export function define(command: Command, context: Context): void {
  command
    .argument("[id]", "an entry of the outbox; default: the last change made by a command", wholeNumber(1, 999_999_999))
    .option("--json", "as JSON: {ref, operation, what, problems}")
    .action(async (id: number | undefined, { json }: { json?: boolean }) => {
      const changing = await openChanging(context);
      try {
        const undone = await changing.undo(id ?? null);
        await deliverAndReport(context, changing, undone.operation === null ? [] : [undone.operation]);
        if (json) context.out.json(undone);
        else context.out.line(plainText(`${undone.what.charAt(0).toUpperCase()}${undone.what.slice(1)}.`));
      } finally {
        await changing.close();
      }
    });
}
