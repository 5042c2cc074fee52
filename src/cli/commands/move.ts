import type { Command } from "commander";
import { openChanging } from "../changing/open-changing.ts";
import { findIssue, saveEdit } from "../changing/save-edit.ts";
import type { Context } from "../context.ts";
import { addChoiceOption, readFields } from "../editing/edit-options.ts";
import { collect } from "../options/options.ts";

type Options = { readonly transition?: string; readonly field?: readonly string[]; readonly json?: boolean };

export function define(command: Command, context: Context): void {
  command
    .argument("<ref>", "panopticon#45, MIN-123, or the issue's address; #45 inside a project's checkout")
    .argument(
      "<status...>",
      "backlog, planning, in progress, in review, done, canceled, or one of the tracker's own states",
    );
  addChoiceOption(command);
  command
    .option("--field <name=value>", "a field that the move requires, by name or id; repeatable", collect)
    .option("--json", "as JSON: the issue")
    .action(async (ref: string, status: string[], { transition, field, json }: Options) => {
      const fields = field === undefined ? undefined : readFields(field);
      const changing = await openChanging(context);
      try {
        const { address } = await findIssue(context, changing, ref);
        const patch = {
          status: status.join(" "),
          ...(transition !== undefined && { transition }),
          ...(fields !== undefined && { fields }),
        };
        await saveEdit(context, changing, address, patch, json ?? false);
      } finally {
        await changing.close();
      }
    });
}
