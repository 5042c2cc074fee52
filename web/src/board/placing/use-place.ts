import { useCallback } from "react";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { useChanges } from "../../changes/changes-provider.tsx";
import { subjectOf } from "../../changes/use-issue-changes.ts";
import { cardKey } from "../data/board-data.ts";
import type { Placing } from "./placing.ts";

/** Returns a function that changes places in the manual order. It works for read-only trackers too: the order is Panopticon's own. */
export function usePlace(): (placing: Placing, only?: ReadonlySet<IssueShape>) => void {
  const { make } = useChanges();
  return useCallback(
    ({ rank, issues, shown }, only) => {
      const placed = issues.filter((issue) => only?.has(issue) ?? true);
      const edits = placed.map((issue) => ({
        issue,
        patch: { rank },
        shown: { rank: shown.get(cardKey(issue)) ?? issue.rank },
      }));
      make(edits, `${subjectOf(placed)} reordered`);
    },
    [make],
  );
}
