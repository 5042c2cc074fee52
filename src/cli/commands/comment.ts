import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import { openChanging } from "../changing/open-changing.ts";
import { deliverAndReport, watchEntries } from "../changing/report-change.ts";
import { findIssue } from "../changing/save-edit.ts";
import type { Context } from "../context.ts";
import { editText } from "../editing/edit-text.ts";
import { readInput, readTextOption } from "../editing/read-text.ts";
import { nonEmpty } from "../options/options.ts";
import { plainLine } from "../../domain/plain-text.ts";

type Options = { readonly bodyFile?: string; readonly replyTo?: string; readonly json?: boolean };

export function define(command: Command, context: Context): void {
  command
    .argument("<ref>", "panopticon#45, MIN-123, or the issue's address; #45 inside a project's checkout")
    .argument("[text...]", "the comment, in Markdown; - is standard input; without it, $EDITOR is opened")
    .option("--body-file <file>", "the comment from a file; - is standard input")
    .option(
      "--reply-to <comment>",
      "in the thread of another comment: a person's login, or an id of pan show --json",
      nonEmpty,
    )
    .option("--json", "as JSON: the comment")
    .action(async (ref: string, words: string[], options: Options) => {
      const text = await readWords(words, options);
      if (text !== undefined) return say(context, ref, text, options);
      return editText(
        context,
        { name: "comment.md", text: "", otherwise: "give the text on the command line: pan comment REF TEXT" },
        async (written) => {
          await say(context, ref, written.trim(), options);
        },
      );
    });
}

async function readWords(words: readonly string[], { bodyFile }: Options): Promise<string | undefined> {
  if (words.length === 1 && words[0] === "-") return readInput();
  return readTextOption(words.length === 0 ? undefined : words.join(" "), bodyFile);
}

async function say(context: Context, ref: string, text: string, { replyTo, json }: Options): Promise<void> {
  const { out } = context;
  if (text.trim() === "") throw new PanopticonError("invalid_input", "No comment was added: the text is empty.");
  const changing = await openChanging(context);
  try {
    const issue = await findIssue(context, changing, ref);
    const entries = await watchEntries(changing);
    const comment = await changing.comment(issue.address, text, replyTo);
    await deliverAndReport(context, changing, await entries(issue.address));
    if (json) out.json(comment);
    else out.line(`Commented on ${plainLine(issue.ref)}.`);
  } finally {
    await changing.close();
  }
}
