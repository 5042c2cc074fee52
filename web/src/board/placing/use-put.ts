import { useCallback } from "react";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { ApiError } from "../../api/client.ts";
import { useNoticeStore } from "../../changes/changes-provider.tsx";
import { subjectOf } from "../../changes/use-issue-changes.ts";
import { cardKey, placeOf } from "../data/board-data.ts";
import type { DropSpot } from "../drag/drop-spot.ts";
import { useGroupLabel } from "../group-label.tsx";
import { placingFor } from "./placing.ts";
import { spotOf, stepFrom } from "./place-steps.ts";
import { useGroupRefusal } from "./use-group-refusal.ts";
import { usePlace } from "./use-place.ts";
import { canRegroup, outsideOf, useRegroup } from "./use-regroup.ts";
import type { WorkLayoutProps } from "../work-layout.ts";

type PutParts = Pick<WorkLayoutProps, "board" | "query" | "issuesWith"> & {
  /** Keeps the focus on the issue with this key when it moves. */
  readonly follow: (key: string | null) => void;
  /** Announces to screen readers. */
  readonly announce: (words: string) => void;
  /** The row at which to show an issue whose own place in the group is not loaded. */
  readonly dropIndex: (group: string) => number;
};

export type Put = {
  /** Whether issues are in manual order. */
  readonly byPlace: boolean;
  /** Puts issues into a group and, in manual order, at this position; `key`: the focused issue. */
  readonly put: (issues: readonly IssueShape[], spot: DropSpot, key: string | undefined) => void;
  /** Describes a position. */
  readonly wordsFor: (spot: DropSpot) => string;
  /** Moves an issue, and the rest of the selection, one place up or down; null without a manual order. */
  readonly step: ((key: string, step: 1 | -1) => void) | null;
};

/** Moves issues on the board and in the list. */
export function usePut({ board, query, issuesWith, follow, announce, dropIndex }: PutParts): Put {
  const { grouping } = board;
  const byPlace = query.sort.name === "manual";
  const labelOf = useGroupLabel(grouping);
  const regroup = useRegroup(grouping);
  const refusalOf = useGroupRefusal(grouping);
  const notices = useNoticeStore();
  const place = usePlace();

  const wordsFor = useCallback(
    ({ group, next }: DropSpot) => {
      const column = board.columns.find((one) => one.group === group);
      const before = column?.issues.find((issue) => cardKey(issue) === next);
      return before === undefined ? `at the end of ${labelOf(group)}` : `before ${before.ref}`;
    },
    [board, labelOf],
  );
  const put = useCallback<Put["put"]>(
    (asked, { group, next }, key) => {
      const outside = outsideOf(asked, grouping, group);
      const going = canRegroup(grouping) ? outside.filter((issue) => refusalOf(issue, group) === null) : [];
      for (const issue of canRegroup(grouping) ? outside : []) {
        const refusal = refusalOf(issue, group);
        if (refusal !== null) notices.fail(`${issue.ref} stays`, new ApiError("invalid_input", 422, `${refusal}.`));
      }
      const issues = asked.filter((issue) => going.includes(issue) || !outside.includes(issue));
      const column = board.columns.find((one) => one.group === group)?.issues ?? [];
      const placing = byPlace ? placingFor(issues, column, next, query.sort) : null;
      const staying = new Set(issues.filter((issue) => !going.includes(issue)));
      if (placing !== null && staying.size > 0) {
        follow(key ?? null);
        announce(`${subjectOf([...staying])} placed ${wordsFor({ group, next })}`);
        place(placing, staying);
      }
      if (going.length === 0) return;
      follow(key ?? null);
      announce(`${subjectOf(going)} moved to ${labelOf(group)}`);
      const from = key === undefined ? null : (placeOf(board, key)?.group ?? null);
      const putAt = dropIndex(group);
      const moved = placing === null ? going : placing.issues.filter((issue) => going.includes(issue));
      regroup(moved, group, { from, putAt, ...(placing !== null && { placing }) });
    },
    [
      board,
      grouping,
      byPlace,
      query.sort,
      labelOf,
      wordsFor,
      regroup,
      refusalOf,
      notices,
      place,
      follow,
      announce,
      dropIndex,
    ],
  );
  const step = (key: string, by: 1 | -1) => {
    const spot = spotOf(board, key);
    const issues = issuesWith(key);
    const next = spot && stepFrom(board, spot, new Set(issues.map(cardKey)), by);
    if (next !== null) put(issues, next, key);
  };
  return { byPlace, put, wordsFor, step: byPlace ? step : null };
}
