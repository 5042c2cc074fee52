import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import { type RelationType, relationTypes } from "../../domain/issue.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { Changing } from "../changing/changing.ts";
import { openChanging } from "../changing/open-changing.ts";
import { changeIssue, findIssue } from "../changing/save-edit.ts";
import type { Context } from "../context.ts";
import { plainLine } from "../../domain/plain-text.ts";

type Options = { readonly remove?: boolean; readonly json?: boolean };

export function define(command: Command, context: Context): void {
  command
    .argument("<ref>", "panopticon#45, MIN-123, or the issue's address; #45 inside a project's checkout")
    .argument("<type>", `${relationTypes.join(", ")}; parent: the second is the parent of the first`)
    .argument("<other>", "the other issue, in any tracker")
    .option("--remove", "remove the relation")
    .option("--json", "as JSON: the issue")
    .action(async (ref: string, written: string, other: string, options: Options) => {
      const type = readType(written);
      const changing = await openChanging(context);
      try {
        const [issue, target] = [await findIssue(context, changing, ref), await findIssue(context, changing, other)];
        const { address } = issue;
        const wanted = options.remove !== true;
        await changeIssue(
          context,
          changing,
          address,
          options.json ?? false,
          () => (wanted ? changing.link(address, type, target.address) : end(changing, issue, type, target.address)),
          // If the tracker refused the change, print the issue as it is.
          (now) => (isRelated(now, type, target.address) === wanted ? describeLink(now, type, target, wanted) : null),
        );
      } finally {
        await changing.close();
      }
    });
}

function readType(written: string): RelationType {
  const type = relationTypes.find((known) => foldName(known) === foldName(written));
  if (type !== undefined) return type;
  const nearest = nearestWord(written, relationTypes);
  throw new PanopticonError("invalid_input", `There is no relation called “${written}”.`, {
    hint: nearest === undefined ? `Available: ${relationTypes.join(", ")}.` : `Did you mean “${nearest}”?`,
  });
}

type Ends = Awaited<ReturnType<Changing["issue"]>>;

function isRelated({ relations, parent }: Ends, type: RelationType, other: string): boolean {
  return (
    relations.some((known) => known.type === type && known.address === other) ||
    (type === "parent" && parent?.address === other)
  );
}

/** How to describe each relation, and its removal. */
const verbs: Readonly<Record<RelationType, readonly [is: string, isNoMore: string]>> = {
  parent: ["lies below", "no longer lies below"],
  child: ["lies above", "no longer lies above"],
  blocks: ["blocks", "no longer blocks"],
  blocked_by: ["is blocked by", "is no longer blocked by"],
  relates: ["relates to", "no longer relates to"],
  duplicates: ["duplicates", "no longer duplicates"],
};

function describeLink({ ref }: Ends, type: RelationType, other: Ends, related: boolean): string {
  return plainLine(`${ref} ${verbs[type][related ? 0 : 1]} ${other.ref}.`);
}

async function end(changing: Changing, issue: Ends, type: RelationType, other: string): Promise<void> {
  const relation = issue.relations.find((known) => known.type === type && known.address === other);
  if (relation !== undefined) return changing.unlink(issue.address, relation.id);
  if (type === "parent" && issue.parent?.address === other) return changing.unlink(issue.address, "parent");
  throw new PanopticonError("not_found", `${issue.ref} has no such relation with ${other}.`, {
    hint: `List its relations with pan show ${issue.ref}.`,
  });
}
