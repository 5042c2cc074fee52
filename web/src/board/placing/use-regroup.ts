import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { parsePriority } from "../../../../src/domain/priority.ts";
import { isStatus } from "../../../../src/domain/status.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { facetsQuery } from "../../api/queries.ts";
import { useIssueChanges, type PutDown } from "../../changes/use-issue-changes.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { groupsOf, noGroup } from "../../filter/grouping.ts";

/** Whether issues can move between groups; an issue's project and tracker cannot be changed. */
export function canRegroup(grouping: Grouping): boolean {
  return grouping !== "project" && grouping !== "tracker";
}

/** The issues that are not in the group yet. */
export function outsideOf(issues: readonly IssueShape[], grouping: Grouping, group: string): readonly IssueShape[] {
  return issues.filter((issue) => !groupsOf(issue, grouping).includes(group));
}

/** Moves issues into a group by setting their status, native state, priority, assignee or cycle. `from`: the group to remove them from, if an issue can be in several. */
export function useRegroup(
  grouping: Grouping,
): (issues: readonly IssueShape[], group: string, more?: PutDown & { readonly from?: string | null }) => void {
  const { change, move, setPriority } = useIssueChanges();
  const facets = useQuery({ ...facetsQuery, enabled: grouping === "assignee" || grouping === "state" }).data;
  return useCallback(
    (issues, group, { from = null, ...down } = {}) => {
      const going = outsideOf(issues, grouping, group);
      if (going.length === 0) return;
      switch (grouping) {
        case "status":
          if (isStatus(group)) move(going, group, down);
          return;
        case "state": {
          // A workflow without this state rejects the move and lists the states it has.
          const status = facets?.states.find(({ name }) => name === group)?.status;
          const shown = { ...(status !== undefined && { status }), nativeState: group };
          change(going, { state: group }, shown, `moved to ${group}`, down);
          return;
        }
        case "priority": {
          const priority = parsePriority(group);
          if (priority !== undefined) setPriority(going, priority, down);
          return;
        }
        case "cycle": {
          const cycle = group === noGroup ? null : { name: group, startsAt: null, endsAt: null };
          change(
            going,
            { cycle: cycle?.name ?? null },
            { cycle },
            cycle === null ? "removed from cycle" : `moved to ${group}`,
            down,
          );
          return;
        }
        case "assignee": {
          const person = facets?.assignees.find(({ login }) => login === group);
          const others = (issue: IssueShape) =>
            issue.assignees.map(({ login }) => login).filter((login) => group === noGroup || login === from);
          const removal = (issue: IssueShape) => (others(issue).length === 0 ? {} : { removeAssignees: others(issue) });
          if (group === noGroup) {
            change(going, removal, removal, "unassigned", down);
            return;
          }
          const name = person?.name || group;
          const added = { login: group, name: person?.name ?? "", avatarUrl: person?.avatarUrl ?? null };
          change(
            going,
            (issue) => ({ addAssignees: [group], ...removal(issue) }),
            (issue) => ({ addAssignees: [added], ...removal(issue) }),
            `assigned to ${name}`,
            down,
          );
          return;
        }
        case "project":
        case "tracker":
          return;
      }
    },
    [grouping, change, move, setPriority, facets],
  );
}
