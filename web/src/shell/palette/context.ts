import type { QueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { issueQuery, queryKeys } from "../../api/queries.ts";
import { type BoardData, cardKey } from "../../board/data/board-data.ts";
import { useChanges } from "../../changes/changes-provider.tsx";
import { currentSearch } from "../../filter/canonical.ts";
import { issueInPath, issuePath, openIssue } from "../../routes.ts";
import type { Selection } from "../../select/selection.tsx";
import { useDialogs } from "../dialog-control.ts";
import type { Doing } from "../issue-actions.ts";

/** How the palette performs actions on issues. */
export function useDoing(): Doing {
  const { open } = useDialogs();
  const { say } = useChanges();
  return useMemo(
    () => ({
      startAgent: (issues, plan) => open({ kind: "start-agent", issues, plan }),
      openField: (field, issues) => open({ kind: "field", field, issues }),
      openIssue: (issue) => openIssue(issue.address, currentSearch()),
      linkOf: (issue) => new URL(issuePath(issue.address), location.href).href,
      copy: (text) => {
        navigator.clipboard.writeText(text).then(
          () => say(`Copied: ${text}`),
          () => say("Couldn’t copy: the browser blocked it"),
        );
      },
    }),
    [open, say],
  );
}

/** The issues that actions apply to: the selection, otherwise the open issue, otherwise the last focused one. */
export function contextIssues(client: QueryClient, selection: Selection): readonly IssueShape[] {
  if (selection.size > 0) return [...selection.values()];
  const address = issueInPath(location.pathname);
  const open = address === null ? undefined : client.getQueryData<IssueShape>(issueQuery(address).queryKey);
  if (open !== undefined) return [open];
  const key = document.activeElement?.closest<HTMLElement>("[data-key]")?.dataset["key"];
  if (key === undefined) return [];
  for (const [, board] of client.getQueriesData<BoardData>({ queryKey: queryKeys.boards })) {
    const found = board?.columns.flatMap(({ issues }) => issues).find((issue) => cardKey(issue) === key);
    if (found !== undefined) return [found];
  }
  return [];
}
