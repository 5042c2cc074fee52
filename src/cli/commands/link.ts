import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import { relationTypes } from "../../domain/issue.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { Changing } from "../changing/changing.ts";
import { openChanging } from "../changing/open-changing.ts";
import { changeIssue, findIssue } from "../changing/save-edit.ts";
import type { Context } from "../context.ts";

type Options = { readonly remove?: boolean; readonly json?: boolean };

export function define(command: Command, context: Context): void {
  command
    .argument("<ref>", "panopticon#45, MIN-123, or the issue's address; #45 inside a project's checkout")
    .argument("<type>", `${relationTypes.join(", ")}; parent: the first lies below the second`)
    .argument("<other>", "the other issue, of any tracker")
    .option("--remove", "end the relation")
    .option("--json", "as JSON: the issue")
    .action(async (ref: string, written: string, other: string, options: Options) => {
      const type = readType(written);
      const changing = await openChanging(context);
      try {
        const [issue, target] = [await findIssue(context, changing, ref), await findIssue(context, changing, other)];
        await changeIssue(context, changing, issue.address, options.json ?? false, () =>
          options.remove
            ? end(changing, issue, type, target.address)
            : changing.link(issue.address, type, target.address),
        );
      } finally {
        await changing.close();
      }
    });
}

function readType(written: string): string {
  const type = relationTypes.find((known) => foldName(known) === foldName(written));
  if (type !== undefined) return type;
  const nearest = nearestWord(written, relationTypes);
  throw new PanopticonError("invalid_input", `There is no relation called “${written}”.`, {
    hint: nearest === undefined ? `There are: ${relationTypes.join(", ")}.` : `Did you mean “${nearest}”?`,
  });
}

type Ends = Awaited<ReturnType<Changing["issue"]>>;

async function end(changing: Changing, issue: Ends, type: string, other: string): Promise<void> {
  const relation = issue.relations.find((known) => known.type === type && known.address === other);
  if (relation !== undefined) return changing.unlink(issue.address, relation.id);
  if (type === "parent" && issue.parent?.address === other) return changing.unlink(issue.address, "parent");
  throw new PanopticonError("not_found", `${issue.ref} has no such relation to ${other}.`, {
    hint: `pan show ${issue.ref} lists what it has.`,
  });
}
