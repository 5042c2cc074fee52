import { statusLabels } from "../../domain/status.ts";
import type { IssuePatch } from "../../server/contract/change.ts";
import type { IssueDetailShape, IssueShape } from "../../server/contract/issue.ts";
import type { Context } from "../context.ts";
import { findHere } from "../here.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { statusStyles } from "../printing/status-style.ts";
import type { Changing } from "./changing.ts";
import { deliverAndReport, watchEntries } from "./report-change.ts";

/** Resolves a ref to an issue; inside a project's checkout, a bare `#45` is an issue of that project. */
export function findIssue(context: Context, changing: Changing, ref: string): Promise<IssueDetailShape> {
  return findHere(context, ref, { projects: () => changing.projects(), find: (one) => changing.issue(one) });
}

/** Edits an issue, waits for delivery, and prints the result. */
export async function saveEdit(
  context: Context,
  changing: Changing,
  address: string,
  patch: IssuePatch,
  json: boolean,
): Promise<void> {
  await changeIssue(context, changing, address, json, () => changing.edit(address, patch));
}

/** The same for any change of an issue; `describe` returns the result as a plain line instead. */
export async function changeIssue(
  context: Context,
  changing: Changing,
  address: string,
  json: boolean,
  change: () => Promise<unknown>,
  describe?: (now: IssueDetailShape) => string | null,
): Promise<void> {
  const entries = await watchEntries(changing);
  await change();
  await deliverAndReport(context, changing, await entries(address));
  const now = await changing.issue(address);
  const words = describe?.(now) ?? null;
  if (json) context.out.json(now);
  else if (words !== null) context.out.line(words);
  else printLine(context, now);
}

function printLine({ out }: Context, { ref, status, title }: IssueShape): void {
  const label = out.style(statusStyles[status], statusLabels[status]);
  out.line(`${out.style("bold", plainLine(ref))}  ${label}  ${plainLine(title)}`);
}
