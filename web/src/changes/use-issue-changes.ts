import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { IssuePatch, MovesShape, SourceFormShape } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { priorityLabels, type Priority } from "../../../src/domain/priority.ts";
import { statusLabels, type Status } from "../../../src/domain/status.ts";
import { ApiError } from "../api/client.ts";
import { formQuery, movesQuery } from "../api/queries.ts";
import { cardKey } from "../board/data/board-data.ts";
import type { Placing } from "../board/placing/placing.ts";
import { formatNumberOf } from "../ui/time.ts";
import { useChanges, useNoticeStore } from "./changes-provider.tsx";
import type { Choice, Edit } from "./change-group.ts";
import type { ShownChange } from "./shown-change.ts";

/** `MIN-123`, `3 issues` */
export function subjectOf(issues: readonly Pick<IssueShape, "ref">[]): string {
  return issues.length === 1 ? (issues[0]?.ref ?? "") : formatNumberOf(issues.length, "issue");
}

type Moves = MovesShape["moves"];

/** The tracker's state for a status of this issue, if loaded. */
export function nativeStateFor(client: QueryClient, issue: IssueShape, status: Status): string | null {
  const moves = client.getQueryData<Moves>(movesQuery(issue.address).queryKey);
  const form = client.getQueryData<SourceFormShape>(formQuery(issue.source).queryKey);
  return (
    moves?.find((move) => move.status === status)?.state ??
    form?.statuses.find((one) => one.status === status)?.state ??
    null
  );
}

/** Where cards were dropped. */
export type PutDown = {
  /** The row of the new column, for columns in which the card's own place is not loaded. */
  readonly putAt?: number;
  /** Their new places in manual order. */
  readonly placing?: Placing;
};

export type IssueChanges = {
  /** Changes one or more issues; `what` describes the change without naming them: `moved to Done`. */
  readonly change: (
    issues: readonly IssueShape[],
    patch: IssuePatch | ((issue: IssueShape) => IssuePatch),
    shown: ShownChange | ((issue: IssueShape) => ShownChange),
    what: string,
    down?: PutDown,
  ) => void;
  /** Moves issues, skipping those already there. */
  readonly move: (issues: readonly IssueShape[], status: Status, more?: PutDown & { readonly choice?: Choice }) => void;
  readonly setPriority: (issues: readonly IssueShape[], priority: Priority, down?: PutDown) => void;
};

/** The common changes, with their descriptions and optimistic updates. */
export function useIssueChanges(): IssueChanges {
  const client = useQueryClient();
  const { make } = useChanges();
  const notices = useNoticeStore();
  return useMemo(() => {
    /** Filters out issues known to be read-only, with a notice. */
    const writable = (issues: readonly IssueShape[]): readonly IssueShape[] =>
      issues.filter((issue) => {
        const form = client.getQueryData<SourceFormShape>(formQuery(issue.source).queryKey);
        if (form?.writable.allowed !== false) return true;
        const error = new ApiError("forbidden", 403, form.writable.reason ?? "This source is read-only.");
        notices.fail(`${issue.ref} is read-only`, error);
        return false;
      });

    const change: IssueChanges["change"] = (issues, patch, shown, what, { putAt, placing } = {}) => {
      const placed = (issue: IssueShape) => placing?.shown.get(cardKey(issue));
      const edits = writable(issues).map((issue): Edit => ({
        issue,
        patch: {
          ...(typeof patch === "function" ? patch(issue) : patch),
          ...(placing !== undefined && { rank: placing.rank }),
        },
        shown: {
          ...(typeof shown === "function" ? shown(issue) : shown),
          ...(placing !== undefined && { rank: placed(issue) ?? issue.rank }),
        },
        ...(putAt !== undefined && { putAt }),
      }));
      make(edits, `${subjectOf(edits.map(({ issue }) => issue))} ${what}`);
    };

    return {
      change,
      move: (issues, status, { choice, ...down } = {}) =>
        change(
          issues.filter((issue) => issue.status !== status),
          {
            status,
            ...(choice !== undefined && { transition: choice.transition, fields: { ...choice.fields } }),
          },
          (issue) => ({ status, nativeState: nativeStateFor(client, issue, status) }),
          `moved to ${statusLabels[status]}`,
          down,
        ),
      setPriority: (issues, priority, down) =>
        change(
          issues.filter((issue) => issue.priority !== priority),
          { priority },
          { priority },
          priority === 0 ? "set to no priority" : `set to ${priorityLabels[priority].toLowerCase()} priority`,
          down,
        ),
    };
  }, [client, make, notices]);
}
