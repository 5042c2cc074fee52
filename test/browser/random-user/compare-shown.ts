import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { statusLabels } from "../../../src/domain/status.ts";
import type { BoardShape, IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { closeMessages } from "./close-messages.ts";
import type { RandomStage } from "./random-stage.ts";
import { readShown, type Shown } from "./shown.ts";

/** By then, updates have reached the page, in milliseconds. */
const patienceMs = 15_000;

/** A page's errors once everything is quiet, as sentences; retried for a while before they count. */
export async function checkPage(stage: RandomStage, page: Page): Promise<readonly string[]> {
  const begun = performance.now();
  for (;;) {
    // In every round: a change that got no response at first may raise its question only now.
    await closeMessages(page);
    const shown = await readShown(page);
    const problems = [
      ...findLeftOvers(shown),
      ...(await compareIssues(stage, shown)),
      ...(await comparePanel(stage, shown)),
    ];
    if (problems.length === 0 || performance.now() - begun > patienceMs) return problems;
    await sleep(250);
  }
}

/** Indicators that something is still loading, or still open. */
function findLeftOvers({ busy, overlays, text }: Shown): string[] {
  const problems: string[] = [];
  if (busy.length > 0) problems.push(`this is still busy: ${busy.join("; ")}`);
  if (overlays.scrims > overlays.popups)
    problems.push(`the page is darkened under nothing: ${JSON.stringify(overlays)}`);
  if (overlays.popups + overlays.dialogs + overlays.menus === 0) {
    if (overlays.inert + overlays.hidden > 0)
      problems.push(`the page is inert under nothing: ${JSON.stringify(overlays)}`);
    if (/overflow|hidden/.test(overlays.lock)) problems.push(`the page does not scroll: ${overlays.lock}`);
  }
  const [alarm] = /Couldn’t load this page|This opens when the server is back|Offline since/.exec(text) ?? [];
  if (alarm !== undefined) problems.push(`the page says: ${alarm}`);
  return problems;
}

/** Compares columns and rows with the server's board for the same filter. */
async function compareIssues(stage: RandomStage, shown: Shown): Promise<string[]> {
  if (shown.columns.length === 0 && shown.rows.length === 0) return [];
  const params = new URLSearchParams(shown.search);
  const grouping = params.get("group") ?? "status";
  params.delete("group");
  if (!params.has("sort")) params.set("sort", "priority");
  params.set("limit", "1000");
  const { status, body } = await stage.server().ask("GET", `/api/board?${params}`);
  // The page ignores invalid parts of the URL, while the server rejects them.
  if (status !== 200) return [];
  const { columns } = body as BoardShape;
  const titles = new Map(columns.flatMap(({ issues }) => issues.map(({ ref, title }) => [ref, title])));
  const problems = shown.rows.flatMap(({ ref, title }) =>
    titles.get(ref) === title ? [] : [`the row of ${ref} says “${title}”, there is “${titles.get(ref)}”`],
  );
  if (grouping !== "status") return problems;
  for (const column of shown.columns) {
    const own = columns.find((one) => one.status === column.status);
    problems.push(...(own === undefined ? [`there is no ${column.status}`] : compareColumn(column, own)));
  }
  return problems;
}

function compareColumn(shown: Shown["columns"][number], { total, issues }: BoardShape["columns"][number]): string[] {
  const problems =
    shown.count === "" || shown.count === String(total)
      ? []
      : [`${shown.status} counts ${shown.count}, there are ${total}`];
  // The focused card is rendered even far from the others: in order, but with gaps.
  let at = -1;
  for (const card of shown.cards) {
    at = issues.findIndex(({ ref }, place) => place > at && ref === card.ref);
    const issue = issues[at];
    if (issue === undefined) {
      const [drawn, own] = [shown.cards, issues].map((of) => of.map(({ ref }) => ref).join(" "));
      return [...problems, `${card.ref} has no place there in ${shown.status}: drawn ${drawn}, there ${own}`];
    }
    if (issue.title !== card.title) problems.push(`${card.ref} says “${card.title}”, it is “${issue.title}”`);
    if (issue.sync.state !== card.sync) problems.push(`${card.ref} says ${card.sync}, it is ${issue.sync.state}`);
  }
  return problems;
}

/** Compares the open issue with the server's. */
async function comparePanel(stage: RandomStage, { path, panel }: Shown): Promise<string[]> {
  if (panel === null) return [];
  const [, written = ""] = /^\/issues\/([^/]+)/.exec(path) ?? [];
  const { status, body } = await stage.server().ask("GET", `/api/issues/${written}`);
  if (status !== 200) return [`${path} is open, and the server says ${status}`];
  const issue = body as IssueDetailShape;
  const { title, properties, comments } = panel;
  const people = properties["Assignee"] ?? properties["Assignees"];
  const differences: readonly (readonly [string, string | null | undefined, boolean, unknown])[] = [
    ["title", title, title === issue.title, issue.title],
    ["status", properties["Status"], properties["Status"]?.includes(statusLabels[issue.status]) === true, issue.status],
    [
      "labels",
      properties["Labels"],
      hasAll(
        properties["Labels"],
        "None",
        issue.labels.map(({ name }) => name),
      ),
      issue.labels,
    ],
    [
      "people",
      people,
      hasAll(
        people,
        "Unassigned",
        issue.assignees.map(({ name, login }) => name || login),
      ),
      issue.assignees,
    ],
    ["comments", String(comments), comments === issue.comments.length, issue.comments.length],
  ];
  return differences.flatMap(([what, is, isSo, should]) =>
    is == null || isSo ? [] : [`${issue.ref} shows ${what} “${is}”, there is ${JSON.stringify(should)}`],
  );
}

/** An issue with very many labels shows the first ones. */
const maxShown = 12;

function hasAll(text: string | undefined, none: string, names: readonly string[]): boolean {
  if (text === undefined) return true;
  return names.length === 0 ? text.endsWith(none) : names.slice(0, maxShown).every((name) => text.includes(name));
}
