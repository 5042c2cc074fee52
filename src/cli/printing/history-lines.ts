import { isStatus, statusLabels } from "../../domain/status.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";
import type { Context } from "../context.ts";
import { count, shortAge } from "./describe-time.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { printTable } from "./table.ts";

/** Prints an issue's changes, newest first, with the way of those that are not written yet. */
export function printHistory({ out, clock }: Context, { history, historyTotal }: IssueDetailShape): void {
  if (historyTotal === 0) {
    out.note("No changes since this issue was mirrored.");
    return;
  }
  out.line(`\n${out.style("bold", count(historyTotal, "change"))}`);
  const now = clock.now();
  printTable(
    out,
    [
      { title: "AGE", align: "right" },
      { title: "WHO" },
      { title: "CHANGE", wraps: true, shrink: 1 },
      { title: "STATE" },
    ],
    history.map((entry) => [
      { text: shortAge(entry.at, now), style: "dim" as const },
      { text: plainLine(entry.actor) },
      { text: plainLine(describe(entry)) },
      { text: entry.state === "written" ? "" : entry.state, style: "dim" as const },
    ]),
  );
}

function describe({ field, from, to }: IssueDetailShape["history"][number]): string {
  return from === null && to === null ? field : `${field}: ${valueWords(from)} → ${valueWords(to)}`;
}

function valueWords(value: string | null): string {
  if (value === null) return "none";
  return isStatus(value) ? statusLabels[value] : value;
}
