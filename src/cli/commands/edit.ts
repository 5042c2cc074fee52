import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import type { IssuePatch } from "../../server/contract/change.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";
import type { Changing } from "../changing/changing.ts";
import { openChanging } from "../changing/open-changing.ts";
import { findIssue, saveEdit } from "../changing/save-edit.ts";
import type { Context } from "../context.ts";
import { addEditOptions, type EditOptions, toPatch } from "../editing/edit-options.ts";
import { toIssueText, toTextPatch } from "../editing/issue-text.ts";
import { editText } from "../editing/edit-text.ts";
import { findHere } from "../here.ts";
import { openReading } from "../reading/open-reading.ts";

type Options = EditOptions & { readonly json?: boolean };

export function define(command: Command, context: Context): void {
  command.argument("<ref>", "panopticon#45, MIN-123, new-7, or the issue's address; #45 inside a project's checkout");
  addEditOptions(command, "edit");
  command
    .option("--json", "as JSON: the issue")
    .addHelpText("after", "\nWithout flags, it opens $EDITOR on the title, the text and the other fields.")
    .action(async (ref: string, options: Options) => {
      const patch = await toPatch(options);
      if (patch !== null) await save(context, ref, patch, options);
      else await editByHand(context, ref, options);
    });
}

async function save(context: Context, ref: string, patch: IssuePatch, { json }: Options): Promise<void> {
  const changing = await openChanging(context);
  try {
    await saveEdit(context, changing, (await findIssue(context, changing, ref)).address, patch, json ?? false);
  } finally {
    await changing.close();
  }
}

/** Nothing is locked while the user writes. A text changed meanwhile is merged or becomes a conflict that keeps both; other values are compared before saving. */
async function editByHand(context: Context, ref: string, options: Options): Promise<void> {
  const before = await read(context, ref);
  const name = `${before.ref.replaceAll(/[^\w.-]+/g, "-")}.md`;
  await editText(
    context,
    { name, text: toIssueText(before), otherwise: "use flags to say what to change: --help lists them" },
    async (text) => {
      const patch = toTextPatch(before, text);
      if (patch === null) {
        context.out.note("Nothing changed.");
        return;
      }
      const changing = await openChanging(context);
      try {
        await refuseOverwriting(changing, before, patch);
        await saveEdit(context, changing, before.address, patch, options.json ?? false);
      } finally {
        await changing.close();
      }
    },
  );
}

async function read(context: Context, ref: string): Promise<IssueDetailShape> {
  const reading = await openReading(context, { sync: false });
  try {
    return await findHere(context, ref, {
      projects: async () => (await reading.projects()).projects,
      find: async (one) => (await reading.issue(one)).issue,
    });
  } finally {
    await reading.close();
  }
}

async function refuseOverwriting(changing: Changing, before: IssueDetailShape, patch: IssuePatch): Promise<void> {
  const now = await changing.issue(before.address);
  const names = (["status", "priority", "dueDate", "estimate"] as const).filter(
    (name) => patch[name] !== undefined && now[name] !== before[name],
  );
  if (names.length === 0) return;
  throw new PanopticonError("conflict", `${before.ref}: ${names.join(" and ")} changed while you were writing.`, {
    hint: "Run pan edit again and copy your text over.",
  });
}
