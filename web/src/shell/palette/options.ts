import { navigate } from "wouter/use-browser-location";
import type { IssueListShape, IssueShape } from "../../../../src/server/contract/issue.ts";
import { cardKey } from "../../board/data/board-data.ts";
import { emptyQuery, formatQuery } from "../../filter/board-query.ts";
import { layoutPath } from "../../routes.ts";
import { formatCount, formatNumberOf } from "../../ui/time.ts";
import { type Command, hasWords } from "../command-words.ts";
import { type Doing, issueActions } from "../issue-actions.ts";

/** What the palette offers: an issue to open, or something to do. */
export type Option =
  | { readonly kind: "issue"; readonly id: string; readonly issue: IssueShape }
  | ({ readonly kind: "command" } & Command);

/** Options with an optional title. */
export type Group = {
  readonly title: string | null;
  readonly note?: string | undefined;
  readonly options: readonly Option[];
};

/** The title of the group of found issues. */
export const issuesTitle = "Issues";

type Asked = {
  readonly text: string;
  /** An issue whose actions alone are listed. */
  readonly subject: IssueShape | null;
  /** The issues that actions apply to. */
  readonly here: readonly IssueShape[];
  /** The result of the search, once there is one. */
  readonly found: Pick<IssueListShape, "issues" | "total"> | undefined;
  readonly commands: readonly Command[];
  readonly doing: Doing;
};

/** What to offer for a text: issues and actions on them, filters, destinations. */
export function groupsFor(asked: Asked): readonly Group[] {
  const { text, subject, here, found, commands, doing } = asked;
  const matchesText = (command: Command) => hasWords(command, text);
  if (subject !== null) {
    return [group("Actions", issueActions([subject], doing).filter(matchesText))];
  }
  const issues = text === "" ? [] : (found?.issues ?? []);
  const [first] = issues;
  const onFirst =
    first === undefined ? [] : issueActions([first], doing).filter(({ id }) => /^(?:agent|status) /.test(id));
  const onHere = issueActions(here, doing)
    .filter(matchesText)
    .slice(0, text === "" ? 5 : 9);
  // With several issues selected, their actions come before search results.
  const isForMany = here.length > 1;
  return [
    ...(isForMany ? [group("Actions", onHere)] : []),
    {
      title: text === "" ? null : issuesTitle,
      note: found && toCountWords(issues.length, found.total),
      options: issues.map((issue): Option => ({ kind: "issue", id: cardKey(issue), issue })),
    },
    group("Actions", [...(isForMany ? [] : onHere), ...onFirst]),
    group("Filter", text === "" || found?.total === 0 ? [] : filtersFor(text, found?.total)),
    group("Run and go to", commands.filter(matchesText)),
  ];
}

function filtersFor(text: string, total: number | undefined): readonly Command[] {
  return (["board", "list"] as const).map((layout) => ({
    id: `filter ${layout}`,
    label: `Filter ${layout}: text “${text}”`,
    ...(total !== undefined && { more: formatNumberOf(total, "issue") }),
    icon: layout === "board" ? "filter" : "list",
    run: () => navigate(layoutPath(layout, formatQuery({ ...emptyQuery, text }))),
  }));
}

function group(title: string, commands: readonly Command[]): Group {
  return { title, options: commands.map((command): Option => ({ kind: "command", ...command })) };
}

function toCountWords(shown: number, total: number): string {
  return total > shown ? `${formatCount(shown)} of ${formatCount(total)}` : formatCount(total);
}
