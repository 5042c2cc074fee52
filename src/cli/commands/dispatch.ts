import type { Command } from "commander";
import { statusLabels } from "../../domain/status.ts";
import type { DispatchShape } from "../../server/contract/dispatch.ts";
import type { Context } from "../context.ts";
import { describeDuration } from "../printing/describe-time.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { statusStyles } from "../printing/status-style.ts";
import { printTable } from "../printing/table.ts";
import { openWorking } from "../work/open-working.ts";

type Options = { readonly dryRun?: boolean; readonly json?: boolean };

export function define(command: Command, context: Context): void {
  command
    .description(
      "Runs dispatch once now: checks the issues it has taken, and starts agents on issues that match the rules in projects.yaml. A running server does this automatically.",
    )
    .option("--dry-run", "start nothing; show what would start, and why the others would not")
    .option("--json", "as JSON")
    .action(async ({ dryRun = false, json }: Options) => {
      const working = await openWorking(context, { requests: true });
      try {
        const shape = await working.dispatch(dryRun);
        if (json) context.out.json(shape);
        else print(context, shape, dryRun);
      } finally {
        await working.close();
      }
    });
}

function print(context: Context, shape: DispatchShape, dryRun: boolean): void {
  const { out } = context;
  if (shape.paused !== null) out.note(out.styleNote("yellow", `No new agents start: ${plainLine(shape.paused)}`));
  if (shape.warning !== null) out.note(out.styleNote("yellow", plainLine(shape.warning)));
  if (!shape.enabled) {
    if (shape.paused === null) {
      out.note(
        "Dispatch is off: no issue starts an agent automatically. Set dispatch: in projects.yaml to turn it on.",
      );
    }
    return;
  }
  if (shape.start.length > 0) {
    out.line(out.style("bold", dryRun ? "Would start now" : "Starts next"));
    printIssues(
      context,
      shape.start.map((issue) => ({ ...issue, reason: "" })),
    );
  }
  if (shape.claimed.length > 0) {
    out.line(out.style("bold", "Taken"));
    printClaimed(context, shape.claimed);
  }
  if (shape.others.length > 0) {
    out.line(out.style("bold", "Also match"));
    printIssues(
      context,
      // On a terminal, the note above says why.
      shape.others.map((issue) =>
        out.isTerminal && issue.reason === shape.paused ? { ...issue, reason: "paused" } : issue,
      ),
    );
  }
  const listed = shape.start.length + shape.claimed.length + shape.others.length;
  // While it is paused, the rules may be unreadable.
  if (listed === 0 && shape.paused === null) out.note("No issue matches the rules.");
  const { cost, tokens } = shape.spentToday;
  const spent = [...(cost > 0 ? [`$${cost.toFixed(2)}`] : []), ...(tokens > 0 ? [`${tokens} tokens`] : [])];
  out.note(
    `${shape.slots.used} of ${shape.slots.total} slots are in use.${spent.length === 0 ? "" : ` Today: ${spent.join(", ")}.`}`,
  );
}

function printIssues({ out }: Context, issues: readonly (DispatchShape["start"][number] & { reason: string })[]): void {
  printTable(
    out,
    [
      { title: "REF" },
      { title: "STATUS" },
      { title: "TITLE", shrink: 2, least: 12 },
      { title: "WHY NOT", shrink: 1, least: 24, wraps: true },
    ],
    issues.map(({ ref, status, title, reason }) => [
      { text: plainLine(ref) },
      { text: statusLabels[status], style: statusStyles[status] },
      { text: plainLine(title) },
      { text: plainLine(reason), style: "yellow" },
    ]),
  );
}

function printClaimed({ out, clock }: Context, claimed: DispatchShape["claimed"]): void {
  const now = clock.now();
  printTable(
    out,
    [
      { title: "REF" },
      { title: "STATUS" },
      { title: "AGENT", shrink: 2, least: 12, wraps: true },
      { title: "TURN", align: "right" },
      { title: "DETAILS", shrink: 1, least: 24, wraps: true },
    ],
    claimed.map(({ ref, status, agent, turns, failures, nextAt, reason }) => {
      const waits = nextAt === null ? 0 : Date.parse(nextAt) - now;
      const turn = failures === 0 ? "next turn" : "next attempt";
      // Given up: the reason says how often it failed.
      const isLast = reason?.startsWith("it failed") === true;
      const next = waits > 0 && !isLast ? [`${turn} in ${describeDuration(waits)}`] : [];
      const often = failures === 1 ? "failed once" : `failed ${failures} times in a row`;
      const failed = failures === 0 || isLast ? [] : [often];
      return [
        { text: plainLine(ref) },
        { text: status === null ? "" : statusLabels[status], ...(status !== null && { style: statusStyles[status] }) },
        { text: agent === null ? "" : `${agent.name} ${agent.id}, ${agent.state}` },
        { text: String(turns) },
        { text: plainLine([...failed, ...next, ...(reason === null ? [] : [reason])].join("; ")), style: "dim" },
      ];
    }),
  );
}
