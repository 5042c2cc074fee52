import type { Command } from "commander";
import { priorityLabels } from "../../domain/priority.ts";
import { statusLabels } from "../../domain/status.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";
import type { ProblemShape } from "../../server/contract/problem.ts";
import type { Context } from "../context.ts";
import { describeLimit } from "../printing/describe-limit.ts";
import { count, describeAgo } from "../printing/describe-time.ts";
import { findHere } from "../here.ts";
import { wholeNumber } from "../options/options.ts";
import { openReading } from "../reading/open-reading.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";
import { noteMirrorAge } from "../reading/reading-notes.ts";
import type { Reading } from "../reading/reading.ts";
import { statusStyles } from "../printing/status-style.ts";
import { printHistory } from "../printing/history-lines.ts";
import { printPairs } from "../printing/table.ts";

export function define(command: Command, context: Context): void {
  command
    .argument("<ref>", "panopticon#45, owner/repo#45, MIN-123, or the issue's address; #45 inside a project's checkout")
    .option("--history <number>", "with its newest changes, this many; or all", historySize)
    .option("--sync", "sync with the trackers first")
    .option("--json", "as JSON")
    .action(async (ref: string, options: Options) => {
      const reading = await openReading(context, { sync: options.sync ?? false });
      try {
        const { issue, commentsProblem } = await find(context, reading, ref, options);
        if (options.json) context.out.json(issue);
        else print(context, issue);
        if (options.history !== undefined && !options.json) printHistory(context, issue);
        noteOlderChanges(context, issue, options);
        if (commentsProblem !== null) noteProblem(context, commentsProblem);
        noteMirrorAge(context, reading, options);
      } finally {
        await reading.close();
      }
    });
}

type Options = { readonly history?: number; readonly sync?: boolean; readonly json?: boolean };

/** A number of changes; `all` is more than any issue has. */
function historySize(text: string): number {
  const most = 999_999_999;
  return text === "all" ? most : wholeNumber(1, most)(text);
}

function find(context: Context, reading: Reading, ref: string, { history }: Options): ReturnType<Reading["issue"]> {
  return findHere(context, ref, {
    projects: async () => (await reading.projects()).projects,
    find: (one) => reading.issue(one, history === undefined ? {} : { history }),
  });
}

/** Says which changes are not printed, and how to see them. */
function noteOlderChanges({ out }: Context, issue: IssueDetailShape, { history, json }: Options): void {
  const shown = history === undefined && !json ? 0 : issue.history.length;
  const left = issue.historyTotal - shown;
  if (left === 0) return;
  const what = shown === 0 ? count(left, "change") : count(left, "older change");
  out.note(
    `${what} not shown; to see ${shown === 0 ? "them" : "them too"}: pan show ${plainLine(issue.address)} --history all`,
  );
}

function noteProblem({ out, clock }: Context, { code, detail, retryAt }: ProblemShape): void {
  const sentences = [plainText(detail), describeLimit({ code, retryAt }, clock.now())];
  out.note(`Comments could not be fetched: ${sentences.filter((one) => one !== null).join(" ")}`);
}

function print({ out, clock }: Context, issue: IssueDetailShape): void {
  const now = clock.now();
  const native = issue.nativeState.name;
  const label = statusLabels[issue.status];
  const status = out.style(statusStyles[issue.status], label);
  out.line(`${out.style("bold", plainLine(issue.ref))}  ${plainLine(issue.title)}`);
  out.line();
  const people = (list: IssueDetailShape["assignees"]) => plainLine(list.map(({ login }) => login).join(", "));
  const parent = issue.parent === null ? "" : nameOther(issue.parent);
  printPairs(out, [
    ["Status", native.toLowerCase() === label.toLowerCase() ? status : `${status} (${plainLine(native)})`],
    ["Type", plainLine(issue.type)],
    ["Priority", issue.priority === 0 ? "" : priorityLabels[issue.priority]],
    ["Assignees", people(issue.assignees)],
    ["Author", issue.author === null ? "" : plainLine(issue.author.login)],
    ["Labels", plainLine(issue.labels.map(({ name }) => name).join(", "))],
    ["Project", plainLine(issue.project)],
    ["Cycle", plainLine(issue.cycle?.name ?? "")],
    ["Parent", plainLine(parent)],
    ["Children", issue.children.total === 0 ? "" : `${issue.children.done} of ${issue.children.total} done`],
    ["Due", plainLine(issue.dueDate ?? "")],
    ["Estimate", issue.estimate === null ? "" : String(issue.estimate)],
    ["Blocked by", plainLine(issue.blockedBy.join(", "))],
    ["Created", describeAgo(issue.createdAt, now)],
    ["Updated", describeAgo(issue.updatedAt, now)],
    ["Closed", issue.closedAt === null ? "" : describeAgo(issue.closedAt, now)],
    ["Address", plainLine(issue.url ?? "")],
  ]);
  if (issue.body.trim() !== "") out.line(`\n${plainText(issue.body).trim()}`);
  if (issue.relations.length > 0) out.line(`\n${out.style("bold", "Relations")}`);
  const types = issue.relations.map(({ type }) => type.replaceAll("_", " "));
  const widest = out.isTerminal ? Math.max(...types.map((type) => type.length)) : 0;
  for (const [index, relation] of issue.relations.entries()) {
    out.line(`${(types[index] ?? "").padEnd(widest)}  ${plainLine(nameOther(relation))}`);
  }
  printComments();

  function printComments(): void {
    if (issue.comments.length > 0) out.line(`\n${out.style("bold", count(issue.comments.length, "comment"))}`);
    const authors = new Map(issue.comments.map(({ id, author }) => [id, plainLine(author?.login ?? "somebody")]));
    for (const { id, body, createdAt, sentAgain, replyTo } of issue.comments) {
      const who = authors.get(id) ?? "";
      const answered = replyTo === null ? undefined : authors.get(replyTo);
      const reply = replyTo === null ? "" : answered === undefined ? ", a reply" : `, in reply to ${answered}`;
      const when = `${describeAgo(createdAt, now)}${reply}${sentAgain ? ", sent again after it was deleted" : ""}`;
      out.line(`\n${out.style("bold", who)} ${out.style("dim", when)}`);
      out.line(plainText(body).trim());
    }
    const missing = (issue.commentCount ?? 0) - issue.comments.length;
    if (missing > 0 && issue.commentsFetchedAt === null) {
      out.note(`${count(missing, "comment")} not fetched yet; start the server, and pan show fetches them.`);
    }
  }
}

/** Names a related issue as far as it is known; for one that is not mirrored, that depends on its tracker. */
function nameOther({ ref, key, title }: Pick<IssueDetailShape["relations"][number], "ref" | "key" | "title">): string {
  return [key, title, ref === null ? (key === null ? "not mirrored" : "(not mirrored)") : null]
    .filter(Boolean)
    .join("  ");
}
