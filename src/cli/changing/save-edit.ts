import { statusLabels } from "../../domain/status.ts";
import type { IssuePatch } from "../../server/contract/change.ts";
import type { IssueDetailShape, IssueShape } from "../../server/contract/issue.ts";
import type { Context } from "../context.ts";
import { findHere } from "../here.ts";
import { plainLine } from "../plain-text.ts";
import { statusStyles } from "../status-style.ts";
import type { Changing } from "./changing.ts";
import { deliverAndReport, entriesOf } from "./report-change.ts";

/** The issue that a written ref means; a bare `#45` inside a project's checkout. */
export function findIssue(context: Context, changing: Changing, ref: string): Promise<IssueDetailShape> {
  return findHere(context, ref, { projects: () => changing.projects(), find: (one) => changing.issue(one) });
}

/** Changes an issue, lets the change go out, and prints the issue as it is then. */
export async function saveEdit(
  context: Context,
  changing: Changing,
  address: string,
  patch: IssuePatch,
  json: boolean,
): Promise<void> {
  const issue = await changing.edit(address, patch);
  await printChanged(context, changing, issue, json);
}

export async function printChanged(
  context: Context,
  changing: Changing,
  issue: Pick<IssueShape, "address">,
  json: boolean,
): Promise<void> {
  await deliverAndReport(context, changing, await entriesOf(changing, issue.address));
  const now = await changing.issue(issue.address);
  if (json) context.out.json(now);
  else printLine(context, now);
}

function printLine({ out }: Context, { ref, status, title }: IssueShape): void {
  const label = out.style(statusStyles[status], statusLabels[status]);
  out.line(`${out.style("bold", plainLine(ref))}  ${label}  ${plainLine(title)}`);
}
