import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import type { IssueDraft } from "../../server/contract/change.ts";
import type { Changing } from "../changing/changing.ts";
import { openChanging } from "../changing/open-changing.ts";
import { deliverAndReport, watchEntries } from "../changing/report-change.ts";
import type { Context } from "../context.ts";
import { addEditOptions, type EditOptions, toDraft } from "../editing/edit-options.ts";
import { editText } from "../editing/edit-text.ts";
import { projectHere } from "../here.ts";
import { plainLine } from "../../domain/plain-text.ts";

type Options = EditOptions & { readonly project?: string; readonly source?: string; readonly json?: boolean };

export function define(command: Command, context: Context): void {
  command
    .argument("[title...]", "the title; without one, $EDITOR opens for title and text")
    .option("--project <project>", "create it in this project; default: the project of the current checkout")
    .option(
      "--source <source>",
      "in this repository, team or project of the tracker; required if the project has several",
    );
  addEditOptions(command, "create");
  command.option("--json", "as JSON: the issue").action(async (words: string[], options: Options) => {
    const title = words.join(" ").trim();
    if (words.length > 0 && title === "") throw emptyTitle();
    if (title !== "") return make(context, await toDraft(title, options), options);
    const draft = await toDraft("", options);
    const empty = `# \n\n${draft.body ?? ""}\n`;
    const otherwise = "give a title on the command line: pan create TITLE";
    return editText(context, { name: "new-issue.md", text: empty, otherwise }, async (text) => {
      const [first = "", ...others] = text.trimStart().split(/\r?\n/);
      const written = first.replace(/^#\s*/, "").trim();
      if (written === "") throw emptyTitle();
      await make(context, { ...draft, title: written, body: others.join("\n").trim() }, options);
    });
  });
}

async function make(context: Context, draft: IssueDraft, { json }: Options): Promise<void> {
  const { out } = context;
  const changing = await openChanging(context);
  try {
    const entries = await watchEntries(changing);
    const made = await changing.create(await inProject(context, changing, draft));
    await deliverAndReport(context, changing, await entries(made.address));
    // The local ref keeps working after the tracker has named the issue.
    const issue = await changing.issue(made.ref);
    if (json) {
      out.json(issue);
      return;
    }
    out.line(`${out.style("bold", plainLine(issue.ref))}  ${plainLine(issue.title)}`);
    if (issue.url !== null) out.line(plainLine(issue.url));
  } finally {
    await changing.close();
  }
}

async function inProject(context: Context, changing: Changing, draft: IssueDraft): Promise<IssueDraft> {
  if (draft.project !== undefined || draft.source !== undefined) return draft;
  const here = projectHere(context, await changing.projects());
  return here === undefined ? draft : { ...draft, project: here.id };
}

const emptyTitle = () => new PanopticonError("invalid_input", "No issue was created: the title is empty.");
