import type { Command } from "commander";
import { statusLabels } from "../../domain/status.ts";
import { priorityLabels } from "../../domain/priority.ts";
import type { IssueShape } from "../../server/contract/issue.ts";
import type { Context } from "../context.ts";
import { count, shortAge, groupDigits } from "../printing/describe-time.ts";
import { addFilterFlags, type FilterOptions, readFilterFlags } from "../options/filter-flags.ts";
import { openReading } from "../reading/open-reading.ts";
import { wholeNumber } from "../options/options.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { noteMirrorAge, noteUnknownWords, noteUnsearchable } from "../reading/reading-notes.ts";
import { statusStyles } from "../printing/status-style.ts";
import { printTable, type Cell } from "../printing/table.ts";

type Options = FilterOptions & {
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
  readonly sync?: boolean;
};

export function define(command: Command, context: Context): void {
  command.argument("[text...]", "full text to search for");
  addFilterFlags(command)
    .option("--limit <number>", "the maximum number, up to 1,000", wholeNumber(1, 1000), 50)
    .option("--cursor <cursor>", "continue where a listing ended")
    .option("--sync", "sync with the trackers first")
    .option("--json", "as JSON: {issues, total, byStatus, cursor}")
    .addHelpText(
      "after",
      "\nRepeat a flag, or separate values with commas, to match any of them;\ndifferent flags must all match.",
    )
    .action(async (text: string[], options: Options) => listIssues(context, text, options));
}

async function listIssues(context: Context, text: readonly string[], options: Options): Promise<void> {
  const { out, clock } = context;
  const written = readFilterFlags(options, text);
  const reading = await openReading(context, { sync: options.sync ?? false });
  try {
    const list = await reading.issues({ written, limit: options.limit, cursor: options.cursor ?? null });
    if (options.json) {
      out.json(list);
    } else {
      const now = clock.now();
      printTable(
        out,
        columns,
        list.issues.map((issue) => toRow(issue, now)),
      );
      if (list.issues.length < list.total) {
        const more = list.cursor === null ? "" : `; next page: --cursor ${list.cursor}`;
        out.note(`${count(list.issues.length, "issue")} of ${groupDigits(list.total)}${more}`);
      } else {
        out.note(list.total === 0 ? "No matching issues." : count(list.total, "issue"));
      }
    }
    noteUnsearchable(context, written);
    if (list.total === 0) await noteUnknownWords(context, reading, written);
    noteMirrorAge(context, reading, options);
  } finally {
    await reading.close();
  }
}

const columns = [
  { title: "REF" },
  { title: "STATUS", shrink: 2, least: 11 },
  { title: "PRIORITY", shrink: 4, least: 8 },
  { title: "TITLE", shrink: 1, least: 20 },
  { title: "ASSIGNEE", shrink: 3, least: 8 },
  { title: "LABELS", shrink: 5 },
  { title: "UPDATED", align: "right" },
] as const;

function toRow(issue: IssueShape, now: number): Cell[] {
  return [
    { text: plainLine(issue.ref), style: "bold" },
    { text: statusLabels[issue.status], style: statusStyles[issue.status] },
    {
      text: issue.priority === 0 ? "" : priorityLabels[issue.priority],
      ...(issue.priority === 1 && { style: "red" as const }),
    },
    { text: plainLine(issue.title) },
    { text: plainLine(issue.assignees.map(({ login }) => login).join(", ")), style: "dim" },
    { text: plainLine(issue.labels.map(({ name }) => name).join(", ")), style: "dim" },
    { text: shortAge(issue.updatedAt, now), style: "dim" },
  ];
}
